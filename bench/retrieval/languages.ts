/** A small help centre in each language of the widget, and what its visitors ask; the questions inflect, and say some things otherwise. */
export interface LanguageCase {
  /** By topic. */
  passages: Record<string, string>;
  /** A question and the topic that answers it. */
  questions: [question: string, topic: string][];
  /** The same with a typing error; absent where words are pairs of characters. */
  misspelled?: [question: string, topic: string];
}

export const LANGUAGES: Record<string, LanguageCase> = {
  en: {
    passages: {
      returns: "You may send an order back within 30 days. We refund the full price after the parcel has arrived.",
      delivery: "Orders are delivered within three working days. Delivery to the islands takes a week.",
      warranty: "Every machine has a warranty of two years. It covers the pump and the boiler, not wear.",
      cleaning: "Clean the filter with warm water once a month and let it dry before you put it back.",
      password: "Forgotten passwords are reset by a link that we send to your address.",
      payment: "We accept cards, bank transfers and invoices for companies.",
    },
    questions: [
      ["How do I clean the filters?", "cleaning"],
      ["I forgot my password, what now?", "password"],
      ["When will my order be delivered?", "delivery"],
    ],
    misspelled: ["How long is the warrenty?", "warranty"],
  },
  es: {
    passages: {
      returns:
        "Puede devolver un pedido en un plazo de 30 días. Reembolsamos el importe completo cuando llega el paquete.",
      delivery: "Los pedidos se entregan en tres días laborables. La entrega en las islas tarda una semana.",
      warranty: "Cada máquina tiene una garantía de dos años. Cubre la bomba y la caldera, no el desgaste.",
      cleaning: "Limpie el filtro con agua tibia una vez al mes y déjelo secar antes de colocarlo.",
      password: "Las contraseñas olvidadas se restablecen con un enlace que enviamos a su dirección.",
      payment: "Aceptamos tarjetas, transferencias bancarias y facturas para empresas.",
    },
    questions: [
      ["¿Cómo se limpian los filtros?", "cleaning"],
      ["He olvidado mi contraseña", "password"],
      ["¿Cuánto tiempo tengo para devolver pedidos?", "returns"],
    ],
    misspelled: ["¿Qué cubre la garamtía?", "warranty"],
  },
  fr: {
    passages: {
      returns:
        "Vous pouvez retourner une commande sous 30 jours. Nous remboursons le prix entier dès que le colis est arrivé.",
      delivery: "Les commandes sont livrées en trois jours ouvrables. La livraison dans les îles prend une semaine.",
      warranty: "Chaque machine a une garantie de deux ans. Elle couvre la pompe et la chaudière, pas l'usure.",
      cleaning: "Nettoyez le filtre à l'eau tiède une fois par mois et laissez-le sécher.",
      password: "Les mots de passe oubliés sont réinitialisés par un lien envoyé à votre adresse.",
      payment: "Nous acceptons les cartes, les virements bancaires et les factures pour les entreprises.",
    },
    questions: [
      ["Comment nettoyer les filtres ?", "cleaning"],
      ["J'ai oublié mon mot de passe", "password"],
      ["Est-ce que l'usure est couverte ?", "warranty"],
    ],
    misspelled: ["Combien de temps prend la livraisson ?", "delivery"],
  },
  de: {
    passages: {
      returns:
        "Sie können eine Bestellung innerhalb von 30 Tagen zurücksenden. Wir erstatten den vollen Preis, sobald das Paket da ist.",
      delivery: "Bestellungen werden in drei Werktagen geliefert. Die Lieferung auf die Inseln dauert eine Woche.",
      warranty: "Jede Maschine hat zwei Jahre Garantie. Sie gilt für Pumpe und Kessel, nicht für Verschleiß.",
      cleaning: "Reinigen Sie den Filter einmal im Monat mit warmem Wasser und lassen Sie ihn trocknen.",
      password: "Vergessene Passwörter werden über einen Link zurückgesetzt, den wir an Ihre Adresse schicken.",
      payment: "Wir nehmen Karten, Überweisungen und für Firmen Rechnungen an.",
    },
    questions: [
      ["Wie reinige ich die Filter?", "cleaning"],
      ["Ich habe mein Passwort vergessen", "password"],
      ["Wie lange dauert die Lieferung auf eine Insel?", "delivery"],
    ],
    misspelled: ["Wie lange gilt die Garnatie?", "warranty"],
  },
  pt: {
    passages: {
      returns: "Pode devolver uma encomenda no prazo de 30 dias. Reembolsamos o valor total quando o pacote chega.",
      delivery: "As encomendas são entregues em três dias úteis. A entrega nas ilhas demora uma semana.",
      warranty: "Cada máquina tem uma garantia de dois anos. Cobre a bomba e a caldeira, não o desgaste.",
      cleaning: "Limpe o filtro com água morna uma vez por mês e deixe-o secar antes de o colocar.",
      password: "As senhas esquecidas são repostas por uma ligação que enviamos para o seu endereço.",
      payment: "Aceitamos cartões, transferências bancárias e faturas para empresas.",
    },
    questions: [
      ["Como limpo os filtros?", "cleaning"],
      ["Esqueci a minha senha", "password"],
      ["Quanto demoram as entregas nas ilhas?", "delivery"],
    ],
    misspelled: ["O que cobre a gartantia?", "warranty"],
  },
  it: {
    passages: {
      returns: "Può restituire un ordine entro 30 giorni. Rimborsiamo l'intero prezzo quando il pacco è arrivato.",
      delivery:
        "Gli ordini vengono consegnati in tre giorni lavorativi. La consegna sulle isole richiede una settimana.",
      warranty: "Ogni macchina ha una garanzia di due anni. Copre la pompa e la caldaia, non l'usura.",
      cleaning: "Pulisca il filtro con acqua tiepida una volta al mese e lo lasci asciugare.",
      password: "Le password dimenticate si reimpostano con un collegamento che inviamo al Suo indirizzo.",
      payment: "Accettiamo carte, bonifici bancari e fatture per le aziende.",
    },
    questions: [
      ["Come si puliscono i filtri?", "cleaning"],
      ["Ho dimenticato la password", "password"],
      ["L'usura è coperta?", "warranty"],
    ],
    misspelled: ["Quanto ci mette la consegan?", "delivery"],
  },
  nl: {
    passages: {
      returns:
        "U kunt een bestelling binnen 30 dagen terugsturen. Wij betalen de volledige prijs terug zodra het pakket er is.",
      delivery: "Bestellingen worden binnen drie werkdagen geleverd. Levering op de eilanden duurt een week.",
      warranty: "Elke machine heeft twee jaar garantie. Die geldt voor de pomp en de ketel, niet voor slijtage.",
      cleaning: "Reinig het filter eens per maand met warm water en laat het drogen.",
      password: "Vergeten wachtwoorden worden hersteld via een link die we naar uw adres sturen.",
      payment: "Wij accepteren kaarten, overschrijvingen en facturen voor bedrijven.",
    },
    questions: [
      ["Hoe moet ik de filters reinigen?", "cleaning"],
      ["Ik ben mijn wachtwoord vergeten", "password"],
      ["Hoe lang duren leveringen op een eiland?", "delivery"],
    ],
    misspelled: ["Hoeveel jaar garatnie is er?", "warranty"],
  },
  pl: {
    passages: {
      returns: "Zamówienie można zwrócić w ciągu 30 dni. Zwracamy pełną cenę, gdy paczka do nas dotrze.",
      delivery: "Zamówienia dostarczamy w trzy dni robocze. Dostawa na wyspy trwa tydzień.",
      warranty: "Każde urządzenie ma dwa lata gwarancji. Obejmuje ona pompę i bojler, nie zużycie.",
      cleaning: "Filtr należy czyścić raz w miesiącu ciepłą wodą i pozostawić do wyschnięcia.",
      password: "Zapomniane hasła resetuje się odnośnikiem, który wysyłamy na podany adres.",
      payment: "Przyjmujemy karty, przelewy bankowe i faktury dla firm.",
    },
    questions: [
      ["Jak wyczyścić filtry?", "cleaning"],
      ["Zapomniałem hasła", "password"],
      ["Ile trwa dostawa na wyspę?", "delivery"],
    ],
    misspelled: ["Co obejmuje gwaracja?", "warranty"],
  },
  tr: {
    passages: {
      returns: "Siparişi 30 gün içinde iade edebilirsiniz. Paket bize ulaşınca tüm ücreti geri öderiz.",
      delivery: "Siparişler üç iş günü içinde teslim edilir. Adalara teslimat bir hafta sürer.",
      warranty: "Her makinenin iki yıl garantisi vardır. Garanti pompayı ve kazanı kapsar, aşınmayı kapsamaz.",
      cleaning: "Filtreyi ayda bir kez ılık suyla temizleyin ve kurumaya bırakın.",
      password: "Unutulan şifreler adresinize gönderdiğimiz bir bağlantıyla sıfırlanır.",
      payment: "Kart, banka havalesi ve şirketler için fatura kabul ediyoruz.",
    },
    questions: [
      ["Filtreler nasıl temizlenir?", "cleaning"],
      ["Şifremi unuttum", "password"],
      ["Teslimat kaç gün sürer?", "delivery"],
    ],
    misspelled: ["Gatranti neleri kapsar?", "warranty"],
  },
  ar: {
    passages: {
      returns: "يمكنك إرجاع الطلب خلال ثلاثين يوما. نعيد المبلغ كاملا بعد وصول الطرد.",
      delivery: "يتم توصيل الطلبات خلال ثلاثة أيام عمل. يستغرق التوصيل إلى الجزر أسبوعا.",
      warranty: "لكل جهاز ضمان لمدة سنتين. يشمل الضمان المضخة والغلاية ولا يشمل التآكل.",
      cleaning: "نظف المرشح بالماء الدافئ مرة في الشهر واتركه حتى يجف.",
      password: "تتم إعادة تعيين كلمات المرور المنسية عبر رابط نرسله إلى عنوانك.",
      payment: "نقبل البطاقات والتحويلات المصرفية والفواتير للشركات.",
    },
    questions: [
      ["كيف أنظف المرشح؟", "cleaning"],
      ["نسيت كلمة المرور", "password"],
      ["ماذا يشمل الضمان؟", "warranty"],
    ],
    misspelled: ["هل تقبلون البطاقت؟", "payment"],
  },
  he: {
    passages: {
      returns: "אפשר להחזיר הזמנה בתוך שלושים יום. אנו מחזירים את המחיר המלא לאחר שהחבילה הגיעה.",
      delivery: "הזמנות מגיעות בתוך שלושה ימי עסקים. משלוח לאיים אורך שבוע.",
      warranty: "לכל מכונה יש אחריות לשנתיים. האחריות מכסה את המשאבה ואת הדוד, לא בלאי.",
      cleaning: "נקו את המסנן במים פושרים פעם בחודש והניחו לו להתייבש.",
      password: "סיסמאות שנשכחו מאופסות באמצעות קישור שאנו שולחים לכתובת שלכם.",
      payment: "אנו מקבלים כרטיסי אשראי, העברות בנקאיות וחשבוניות לחברות.",
    },
    questions: [
      ["איך מנקים את המסנן?", "cleaning"],
      ["כמה זמן אורך משלוח?", "delivery"],
      ["מה האחריות מכסה?", "warranty"],
    ],
    misspelled: ["האם כרטסי אשראי מתקבלים?", "payment"],
  },
  hi: {
    passages: {
      returns: "आप ऑर्डर को तीस दिनों के भीतर वापस कर सकते हैं। पार्सल पहुँचने पर हम पूरी कीमत लौटाते हैं।",
      delivery: "ऑर्डर तीन कार्य दिवसों में पहुँचाए जाते हैं। द्वीपों तक डिलीवरी में एक सप्ताह लगता है।",
      warranty: "हर मशीन पर दो साल की वारंटी है। वारंटी में पंप और बॉयलर शामिल हैं, घिसाव नहीं।",
      cleaning: "फ़िल्टर को महीने में एक बार गुनगुने पानी से साफ़ करें और सूखने दें।",
      password: "भूले हुए पासवर्ड आपके पते पर भेजे गए लिंक से बदले जाते हैं।",
      payment: "हम कार्ड, बैंक ट्रांसफर और कंपनियों के लिए बिल स्वीकार करते हैं।",
    },
    questions: [
      ["फ़िल्टर कैसे साफ़ करें?", "cleaning"],
      ["मैं पासवर्ड भूल गया", "password"],
      ["वारंटी में क्या शामिल है?", "warranty"],
    ],
    misspelled: ["डिलवरी में कितना समय?", "delivery"],
  },
  ja: {
    passages: {
      returns: "ご注文は三十日以内に返品できます。荷物が届いた後、全額を返金いたします。",
      delivery: "ご注文の商品は三営業日以内に配送されます。離島への配送は一週間かかります。",
      warranty: "すべての機械に二年間の保証が付いています。ポンプとボイラーが対象で、摩耗は対象外です。",
      cleaning: "フィルターは月に一度ぬるま湯で洗い、乾かしてから戻してください。",
      password: "忘れたパスワードは、登録アドレスに送るリンクから再設定できます。",
      payment: "カード、銀行振込、法人向けの請求書払いをご利用いただけます。",
    },
    questions: [
      ["フィルターの洗い方を教えてください", "cleaning"],
      ["パスワードを忘れました", "password"],
      ["離島への配送は何日かかりますか", "delivery"],
    ],
  },
  zh: {
    passages: {
      returns: "您可以在三十天内退货。收到包裹后，我们会退还全部货款。",
      delivery: "订单会在三个工作日内送达。送往海岛需要一周时间。",
      warranty: "每台机器都有两年保修。保修范围包括水泵和锅炉，不包括磨损。",
      cleaning: "每月用温水清洗一次滤网，晾干后再装回去。",
      password: "忘记的密码可以通过我们发到您邮箱的链接重新设置。",
      payment: "我们接受银行卡、银行转账和公司发票付款。",
    },
    questions: [
      ["怎么清洗滤网？", "cleaning"],
      ["我忘记密码了怎么办", "password"],
      ["保修范围包括什么？", "warranty"],
    ],
  },
};
