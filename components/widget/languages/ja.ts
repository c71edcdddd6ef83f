import { language } from "../language";
import engagement from "./engagement/ja";

export default language(
  "ja",
  {
    open: "チャットを開く",
    close: "チャットを閉じる",
    subtitle: "AIアシスタント",
    conversation: "会話",
    message: "ご質問",
    send: "送信",
    stop: "回答を停止",
    stopped: "この回答を停止しました。",
    retry: "もう一度試す",
    table: "表",
    pre: "コード",
    poweredBy: "提供:",
    you: "あなたのメッセージ:",
    answered: "{name}のメッセージ:",
    source: "出典{number}: {title}",
    offline: "オフラインです。接続が戻ると質問が送信されます。",
    reconnecting: "接続が切れました。再接続しています…",
    network: "接続が切れました。質問は保存されています。",
  },
  {
    ...engagement,
    consent: {
      accept: "同意して続ける",
      needed: "先に同意してください。その後、質問を送信できます。",
    },
    feedback: {
      why: "この回答のどこが問題ですか?",
      wrong: "内容が正しくない",
      incomplete: "情報が足りない",
      off_topic: "質問と関係がない",
      other: "その他",
      comment: "詳しく教えてください(任意)",
      send: "送信",
      skip: "スキップ",
      thanks: "ありがとうございます。回答の改善に役立てます。",
      failed: "送信できませんでした。もう一度お試しください。",
    },
    history: {
      title: "以前の会話",
      none: "以前の会話はありません。",
      back: "チャットに戻る",
      erase: "自分のデータを削除",
      sure: "すべての会話を削除しますか?この操作は取り消せません。",
      yes: "すべて削除",
      no: "残す",
      erased: "データを削除しました。",
      failed: "読み込めませんでした。もう一度お試しください。",
    },
    preview: {
      open: "ページを開く",
      show: "出典{number}",
    },
    refusal: {
      rate_limited: "短時間に質問が多すぎます。",
      upstream_busy: "アシスタントは現在混み合っています。",
      plan_limit: "アシスタントは現在ご利用いただけません。しばらくしてからお試しください。",
      agent_unavailable: "アシスタントは現在ご利用いただけません。しばらくしてからお試しください。",
      internal: "こちらで問題が発生しました。",
      wait: {
        other: "{n}秒後にもう一度お試しいただけます。",
      },
    },
    session: {
      anew: "新しい会話",
      history: "以前の会話",
      sources: "出典",
      copy: "コピー",
      copied: "コピーしました",
      up: "良い回答",
      down: "良くない回答",
    },
    unread: {
      unread: {
        other: "未読メッセージ{n}件",
      },
    },
  },
);
