import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "Dosya ekle",
    sending: "{name} gönderiliyor…",
    sent: "{name} gönderildi",
    large: "{name} 10 MB’tan büyük.",
    refused: "{name} gönderilemez. Resim, PDF ve metin dosyaları gönderilebilir.",
    failed: "{name} gönderilemedi. Lütfen tekrar deneyin.",
    files: "Gönderdiğiniz dosyalar",
  },
  csat: {
    title: "Bu görüşme nasıldı?",
    score: "5 üzerinden {n}",
    worst: "Kötü",
    best: "Çok iyi",
    comment: "Daha fazlasını yazın (isteğe bağlı)",
    send: "Gönder",
    skip: "Şimdi değil",
    thanks: "Değerlendirmeniz için teşekkürler.",
    failed: "Gönderilemedi. Lütfen tekrar deneyin.",
  },
  handover: {
    ask: "Bir kişiyle görüş",
    waiting: "Bir kişiyi bekliyorsunuz. Bu sırada asistan yanıtlamaya devam eder.",
    away: "Şu anda kimse yok.",
    joined: "{name} görüşmeye katıldı.",
    typing: "{name} yazıyor…",
    left: "Yeniden asistanla görüşüyorsunuz.",
    closed: "Bu görüşme kapatıldı. Yeniden başlamak için yazın.",
    failed: "Olmadı. Lütfen tekrar deneyin.",
  },
  leadForm: {
    missing: "Lütfen bu alanı doldurun.",
    email: "Bu bir e-posta adresi değil.",
    phone: "Bu bir telefon numarası değil.",
    consent: "Lütfen onay verin, yoksa hiçbir şey saklanamaz.",
    optional: "isteğe bağlı",
    send: "Gönder",
    skip: "Şimdi değil",
    thanks: "Teşekkürler. Size döneceğiz.",
    failed: "Gönderilemedi. Lütfen tekrar deneyin.",
  },
  proactive: {
    dismiss: "Bu mesajı kapat",
    open: "Yanıtla",
  },
} satisfies EngagementTexts;
