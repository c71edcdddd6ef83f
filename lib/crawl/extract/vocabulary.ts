/**
 * Class and id tokens and what they mean. Tokens are matched whole (see ClassWords): lower case, camelCase split, every `_` and
 * repeated dash one dash. A small pattern language is enough: `?`, groups, `\d`, `\w`.
 */

const tokens = (...groups: string[]) => groups.join(" ").trim().split(/\s+/);

/** Matches when one of the patterns is a whole dash- or space-separated run of tokens. */
export function wholeTokens(patterns: readonly string[]): RegExp {
  return new RegExp(`(?:^|[\\s-])(?:${patterns.join("|")})(?=$|[\\s-])`);
}

/** Matches when one of the patterns is a whole class or id. */
function wholeClasses(patterns: readonly string[]): RegExp {
  return new RegExp(`(?:^|\\s)(?:${patterns.join("|")})(?=$|\\s)`);
}

const CHROME = tokens(String.raw`
  nav navbar navigations? menus? submenu breadcrumbs? crumbs? pagination paginator pager paging prev-?next next-?prev
  sidebar\d* side-?bar side-?nav (?:right|left)-?(?:rail|bar) rail rollover-(?:people-)?(?:block|box|popup|content) masthead site-header global-header page-header-nav
  footer colophon copyright toolbar skip-?links? skip-?to search-?(?:form|box|bar|results?) widgets? widget-area drawer offcanvas
  tooltip topbar utility-bar`);

const PROMOTION = tokens(`
  shares? sharing share-?(?:bar|tools|buttons?|links?|this) sharedaddy sharethis addthis addtoany a2a
  socials? social-?(?:media|links|icons|share|bar) sociable ssba followus follow-us follow-buttons?
  jp-relatedposts relateds? related-?(?:posts?|articles?|content|links?|stories|topics|news|pages) yarpp crp recirc recirculation
  recommend(?:ed|ations?)? read-?(?:more|next|also) more-(?:stories|articles|news|posts|from|on|in|coverage|reading) you-may also-like
  trending popular most-(?:read|viewed|popular|shared) outbrain taboola revcontent zergnet mgid sponsor(?:ed)?
  promos? promoted promotion adverts? advertisement advertising ads? adv adbox ad-(?:slot|container|wrapper|unit|block)
  adsense adsbygoogle dfp gpt newsletters? subscribe subscription sign-?up email-(?:signup|form|capture) mailing cta call-to-action
  paywall donate affiliate-disclosure inline-promo teasers? up-?next jumplinks?`);

const OVERLAY = tokens(`
  cookies? cookie-?(?:bar|banner|consent|notice) consent gdpr cc-window pop-?up modal lightbox overlay toast snackbar
  alert-bar announcement announcement-bar banner interstitial chat-?(?:widget|bot)? intercom login sign-?in`);

const COMMENT_LISTS = tokens(`
  comments? commentlist comment-?(?:list|form|area|section|respond) respond disqus livefyre discussion replies reactions?`);

const PAGE_FACTS = tokens(`
  by-?lines? author-?(?:bio|box|info|card|details|name|meta|block|profile) about-(?:the-)?author authors? contributors? bio vcard avatar
  post-?meta entry-?meta article-?meta meta-?(?:data|info) dateline-?block timestamp publish(?:ed)?-?(?:date|on|time)
  post-?date entry-?date date datetime pub-?date tags? tag-?(?:s|list|cloud|links) tagcloud keywords categories category-list
  cat-?links post-?(?:tags|categories|navigation|nav|footer|share|author) entry-(?:footer|tags|utility|categories) hentry-footer
  credits? photo-credit image-credit reading-time read-time`);

const DOCUMENTATION = tokens(`
  tocs? toctree-?wrapper-?nav table-?of-?contents on-this-page in-this-(?:page|article) in-page-nav contents-nav
  edit-?(?:page|this|this-page|link|section|button|on-github) mw-editsection editsection mw-jump-?link catlinks printfooter navbox
  site-?sub content-?sub noprint headerlink header-?anchor heading-?(?:anchor|link) anchor-?link hash-link permalink
  feedback helpful was-this votes? voting vote-(?:cell|box|buttons?) ratings? rate-(?:this|page) survey
  last-?(?:updated|modified|edited) updated-?(?:at|on) copy-?(?:button|btn|code|link|to-clipboard) clipboard copybtn
  linenos linenodiv line-?numbers? gutter lineno version-?(?:switcher|selector|dropdown|banner|badge|warning) versions rst-versions
  rst-footer-buttons theme-doc-footer theme-doc-breadcrumbs theme-doc-version
  language-?(?:switcher|selector|picker|list) lang-?(?:switch|select|list) attachments? sub-?nav subscribe-button
  report-?(?:issue|bug|page) bug-?report github-?link view-source doc-?(?:actions|tools|meta|nav|footer|sidebar)
  page-?(?:actions|tools|nav|navigation|footer|rating|feedback|metadata|options)
  article-?(?:actions|tools|nav|votes|footer|relatives|vote|subscribe|return|share|comments|rating|sidebar|toolbar|tags|feedback|author|byline|more-questions)
  prevnext sr-only visually-?hidden screen-?reader(?:-text)? u-hidden element-invisible print-only no-print print-header hidden-print`);

/** Elements that are not the page's content. */
export const JUNK = wholeTokens([
  ...CHROME,
  ...PROMOTION,
  ...OVERLAY,
  ...COMMENT_LISTS,
  ...PAGE_FACTS,
  ...DOCUMENTATION,
]);

/** Where answers and replies are the content (forums), these are not junk. */
export const COMMENTS = wholeTokens([...COMMENT_LISTS, "post-?author", "votes?", "helpful"]);

/** Junk on a news page; prices, badges, people and calls to action on a page that sells or presents. */
export const SALES_WORDS = wholeTokens(
  tokens(`
    popular most-popular promos? promoted promotion cta call-to-action banner announcement donate subscription subscribe sign-?up
    teasers? recommended sponsor(?:ed)? authors? contributors? bio vcard avatar ratings? date datetime tags? keywords categories
    attachments? survey read-?more credits? widgets? chat versions consent discussion`),
);

/** Junk that keeps its mark however many paragraphs it holds. */
export const CERTAIN_JUNK = wholeTokens(
  tokens(String.raw`
    comment\w* disqus breadcrumbs? sharedaddy related\w* relacionad\w* recommend\w* recirc\w* cookies? consent newsletter outbrain
    taboola side-?bar\w* footer navbar nav menu popular trending latest teasers? promos? widgets? more-\w+ rail bio authors?
    modal popup overlay replies respond login most-\w+ you-may also-like right-?\w* left-?(?:rail|col\w*)`),
);

/** The only classes that condemn an article, a table or its rows. */
export const TABLE_JUNK = /comment|related|teaser|promo|navbox|recirc/;

/** Not even a guard keeps these. */
export const PROTECTED_JUNK = wholeTokens(["footer", "cookies?", "consent", "comments?"]);

/** The short list for pages on which the whole vocabulary removed too much. */
export const RELAXED_JUNK = wholeTokens(
  tokens(String.raw`
    comments? commentlist disqus breadcrumbs? sharedaddy related recommend\w* cookies? newsletter outbrain taboola sidebar footer
    navbar nav menu byline share social`),
);

/** Wrappers of the main content. */
export const CONTENT = wholeTokens(
  tokens(`
    article-?(?:body|content|text|copy|main|page-body|detail)(?:-?(?:text|inner|wrapper|content|body|container))? articlebody
    articletext (?:story|post|entry|news|blog|page|main|doc|docs|text|section|node|field)-?(?:body|content|contents|text|copy)
    storybody storytext postbody entrycontent postcontent body-?(?:copy|text|content) content-?(?:body|text|article|main)
    rich-?text wysiwyg prose markdown(?:-body|-section)? md-content(?:-inner)? theme-doc-markdown rst-content document
    mw-parser-output mw-content-text bodycontent wiki-content td-post-content hentry usertext-body s-prose post-text sect1
    awsdocs-content topic-content body-container`),
);

/** Classes that only pages with an article have. */
export const ARTICLE_CLASS = wholeTokens(
  tokens(
    "article-?(?:body|text|content) (?:story|post|entry|news|blog)-?(?:body|content|text) hentry by-?line dateline",
  ),
);

/** Parts of an article that are about its pictures and furniture; small ones are dropped from articles only. */
export const CAPTION = wholeTokens(
  tokens(String.raw`
    captions? captionlink caption-?(?:text|full|remote) wp-caption(?:-text)? image-(?:meta|caption|info|credit)
    photo-?(?:caption|info|meta|changespace)? photos? gallery slideshow carousel slider resgallery\w* media-(?:caption|info|meta)
    inlineimage publish-?info dates? time postinfo post-?info entry-?info story-?meta callout pull-?quote factbox infobox
    embed-?caption dek article-?(?:info|header|head|date|time) story-?(?:header|footer|date) post-?(?:header|title|head)
    entry-?(?:header|title) headline wpcnt wpa wprm-recipe-container-ad notice disclaimer correction tool(?:s|box)
    video-?(?:player|container|caption|info)? player audio poll quiz fb-like likes? views? hits source`),
);

/** A lead paragraph that stands outside the article's body. */
export const LEAD = wholeTokens(tokens("summary lead lede intro introduction sapo chapo standfirst first-?paragraph"));

/** Quoted posts of social networks are content of an article although their class says "social" or "embed". */
export const QUOTED_POST = /tweet|twitter|embed|widget|social/;
export const NOT_A_QUOTED_POST = /related|share|comment|sidebar|follow|rail/;

/** Admonitions: `aside` elements that are part of the text. */
export const ADMONITION = wholeTokens(
  tokens(`note tip info important warning caution danger admonition callout hint success example starlight-aside`),
);

/** Panels that a visitor opens: hidden, and content all the same. */
export const DISCLOSURE = wholeTokens(
  tokens(
    String.raw`accordion(?:-?\w+)? collaps(?:e|ible) faqs? faq-\w+ tab-?(?:pane|panel|content) panel(?:-\w+)? answers? details disclosure expandable toggle-content`,
  ),
);

/** One contribution to a thread: question, answer, forum post. Whole classes, because parts of posts are called `post-…` too. */
export const THREAD_POST = wholeClasses(
  tokens(
    String.raw`(?:js-)?(?:question|answer|post|reply|message) (?:post|message|reply|topic|forum|thread)-?(?:body|text|content|message|wrapper|container|post|item|reply)(?:-\d+)?
    post-?\d+ postbit(?:-\w+)? (?:timeline|discussion)-comment comment-body cooked lia-message-view`,
  ),
);

/** Parts of a contribution that are about its author or its reception; their names may have a prefix (`crawler-post-meta`). */
export const POST_FURNITURE = wholeClasses([
  `(?:[\\w-]*-)?(?:${tokens(
    String.raw`signatures? sig sig\d+ post-?(?:profile|author|details|head|buttons|controls|actions|footer|foot|menu|likes?|date|time|number|taglist|meta|infos)
    user user-?(?:info|details|card|panel|profile|name|title|avatar|stats|meta|extras|action-time|gravatar\d*) username(?:-\w+)? poster(?:-info)? profile(?:-\w+)? avatar\d*(?:-\w+)? gravatar\d*
    flair reputation(?:-score)? badges? badge-?count rank vote-?(?:cell|count|box|buttons?|controls)? votes? voting-container likes? kudos reactions? reactions-?bar
    author author-\w+ by-?line attribution action-?bar solution-label last-edited edited-?by reply-?(?:link|button|to)
    tags? tag-?list timestamp relativetime back-?2?-?to?-?top quote-?button report`,
  ).join("|")})`,
]);

/** Where readers write below an article: not the posts of a forum. */
export const COMMENT_LIST = wholeTokens([
  "comments?",
  "comment-?list",
  "comment-?(?:area|section)",
  "disqus",
  "respond",
]);

/** The contribution that solved the question. */
export const ACCEPTED = wholeTokens(
  tokens(
    "accepted accepted-(?:answer|solution) (?:is-)?solution best-answer is-solved solved-answer is-accepted is-best marked-as-answer",
  ),
);

/** schema.org types of contributions. */
export const SCOPED_POST = /schema\.org\/(Question|Answer|DiscussionForumPosting|Comment)$/;

/** What customers say, and what else they might buy. */
export const OPINIONS = wholeTokens(
  tokens(
    `(?:customer-|product-|user-)?reviews?(?:-(?:section|list|carousel|container|wrapper|widget|slider|tab|content|block))? testimonials?(?:-\\w+)?
    (?:product-)?recommendations? cross-?sells? up-?sells? related(?:-\\w+)? recently-viewed also-bought also-viewed frequently-bought bundles? similar-(?:products|items) more-products`,
  ),
);
