import type { EngagementTexts } from "../../language";

export default {
  attachments: {
    attach: "添加文件",
    sending: "正在发送 {name}…",
    sent: "{name} 已发送",
    large: "{name} 超过 10 MB。",
    refused: "无法发送 {name}。可以发送图片、PDF 和文本文件。",
    failed: "{name} 发送失败，请重试。",
    files: "您发送的文件",
  },
  csat: {
    title: "您对这次对话满意吗？",
    score: "{n} 分（满分 5 分）",
    worst: "不满意",
    best: "非常满意",
    comment: "补充说明（选填）",
    send: "发送",
    skip: "暂不",
    thanks: "感谢您的评价。",
    failed: "发送失败，请重试。",
  },
  handover: {
    ask: "联系人工客服",
    waiting: "正在为您联系人工客服。在此期间，助手会继续回答。",
    away: "目前没有客服在线。",
    joined: "{name} 已加入对话。",
    typing: "{name} 正在输入…",
    left: "您正在与助手对话。",
    closed: "此对话已结束。发送消息即可重新开始。",
    failed: "操作失败，请重试。",
  },
  leadForm: {
    missing: "请填写此项。",
    email: "这不是有效的电子邮箱地址。",
    phone: "这不是有效的电话号码。",
    consent: "请先同意，否则无法保存任何信息。",
    optional: "选填",
    send: "发送",
    skip: "暂不",
    thanks: "谢谢。我们会与您联系。",
    failed: "发送失败，请重试。",
  },
  proactive: {
    dismiss: "关闭此消息",
    open: "回复",
  },
} satisfies EngagementTexts;
