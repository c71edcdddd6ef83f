import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "ファイルを添付",
    sending: "{name} を送信中…",
    sent: "{name} を送信しました",
    large: "{name} は 10 MB を超えています。",
    refused: "{name} は送信できません。画像、PDF、テキストファイルを送信できます。",
    failed: "{name} を送信できませんでした。もう一度お試しください。",
    files: "送信したファイル",
  },
  csat: {
    title: "この会話はいかがでしたか？",
    score: "5 段階中 {n}",
    worst: "悪い",
    best: "とても良い",
    comment: "詳しく（任意）",
    send: "送信",
    skip: "今はしない",
    thanks: "評価をありがとうございます。",
    failed: "送信できませんでした。もう一度お試しください。",
  },
  handover: {
    ask: "担当者と話す",
    waiting: "担当者をお待ちいただいています。その間もアシスタントがお答えします。",
    away: "ただいま担当者は不在です。",
    joined: "{name} が会話に参加しました。",
    typing: "{name} が入力中…",
    left: "アシスタントとの会話に戻りました。",
    closed: "この会話は終了しました。メッセージを送ると再開できます。",
    failed: "うまくいきませんでした。もう一度お試しください。",
  },
  leadForm: {
    missing: "入力してください。",
    email: "メールアドレスではありません。",
    phone: "電話番号ではありません。",
    consent: "同意いただけない場合は何も保存できません。",
    optional: "任意",
    send: "送信",
    skip: "今はしない",
    thanks: "ありがとうございます。追ってご連絡します。",
    failed: "送信できませんでした。もう一度お試しください。",
  },
  proactive: {
    dismiss: "このメッセージを閉じる",
    open: "返信する",
  },
} satisfies EngagementTexts;
