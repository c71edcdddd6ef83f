import { language } from "../language";
import engagement from "./engagement/zh";

export default language(
  "zh",
  {
    open: "打开聊天",
    close: "关闭聊天",
    subtitle: "AI 助手",
    conversation: "对话",
    message: "您的问题",
    send: "发送",
    stop: "停止回答",
    stopped: "您已停止此回答。",
    retry: "重试",
    table: "表格",
    pre: "代码",
    poweredBy: "技术支持:",
    you: "您说:",
    answered: "{name} 说:",
    source: "来源 {number}:{title}",
    offline: "您已离线。恢复连接后将发送您的问题。",
    reconnecting: "连接已断开,正在重试…",
    network: "连接已断开。您的问题已保留。",
  },
  {
    ...engagement,
    consent: {
      accept: "同意并继续",
      needed: "请先同意,然后即可发送您的问题。",
    },
    feedback: {
      why: "这个回答有什么问题?",
      wrong: "内容不正确",
      incomplete: "内容不完整",
      off_topic: "答非所问",
      other: "其他原因",
      comment: "补充说明(可选)",
      send: "发送",
      skip: "跳过",
      thanks: "谢谢,这有助于改进回答。",
      failed: "发送失败,请重试。",
    },
    history: {
      title: "以前的对话",
      none: "没有以前的对话。",
      back: "返回聊天",
      erase: "删除我的数据",
      sure: "要删除您的所有对话吗?此操作无法撤销。",
      yes: "全部删除",
      no: "保留",
      erased: "您的数据已删除。",
      failed: "加载失败,请重试。",
    },
    preview: {
      open: "打开页面",
      show: "来源 {number}",
    },
    refusal: {
      rate_limited: "短时间内提问过多。",
      upstream_busy: "助手现在有点忙。",
      plan_limit: "助手暂时不可用,请稍后再来。",
      agent_unavailable: "助手暂时不可用,请稍后再来。",
      internal: "我们这边出了点问题。",
      wait: {
        other: "{n} 秒后可以重试。",
      },
    },
    session: {
      anew: "新对话",
      history: "以前的对话",
      sources: "来源",
      copy: "复制",
      copied: "已复制",
      up: "回答得好",
      down: "回答得不好",
    },
    unread: {
      unread: {
        other: "{n} 条未读消息",
      },
    },
  },
);
