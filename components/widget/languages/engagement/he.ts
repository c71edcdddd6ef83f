import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "צירוף קובץ",
    sending: "{name} נשלח…",
    sent: "{name} נשלח בהצלחה",
    large: "{name} גדול מ-10 MB.",
    refused: "אי אפשר לשלוח את {name}. אפשר לשלוח תמונות, קובצי PDF וקובצי טקסט.",
    failed: "שליחת {name} נכשלה. נסו שוב.",
    files: "הקבצים ששלחתם",
  },
  csat: {
    title: "איך הייתה השיחה?",
    score: "{n} מתוך 5",
    worst: "לא טובה",
    best: "טובה מאוד",
    comment: "ספרו עוד (רשות)",
    send: "שליחה",
    skip: "לא עכשיו",
    thanks: "תודה על הדירוג.",
    failed: "השליחה נכשלה. נסו שוב.",
  },
  handover: {
    ask: "לדבר עם נציג",
    waiting: "אתם ממתינים לנציג. בינתיים העוזר ממשיך לענות.",
    away: "אין כרגע אף אחד.",
    joined: "{name} בשיחה.",
    typing: "{name} בהקלדה…",
    left: "אתם שוב מדברים עם העוזר.",
    closed: "השיחה נסגרה. כתבו כדי להתחיל מחדש.",
    failed: "זה לא הצליח. נסו שוב.",
  },
  leadForm: {
    missing: "נא למלא שדה זה.",
    email: "זו אינה כתובת אימייל.",
    phone: "זה אינו מספר טלפון.",
    consent: "נא לאשר, אחרת לא נוכל לשמור דבר.",
    optional: "רשות",
    send: "שליחה",
    skip: "לא עכשיו",
    thanks: "תודה. ניצור איתכם קשר.",
    failed: "השליחה נכשלה. נסו שוב.",
  },
  proactive: {
    dismiss: "סגירת ההודעה",
    open: "תשובה",
  },
} satisfies EngagementTexts;
