/** Lines of text that are about the page or the site, not its content. All patterns match a whole collapsed block. */

const wholeLine = (alternatives: readonly string[], ending: string, flags = "i") =>
  new RegExp(`^(?:${alternatives.join("|")})${ending}$`, flags);

const raw = String.raw;

/** Headings and labels after which an article has ended. */
export const ARTICLE_TAIL = wholeLine(
  [
    raw`more (?:great|from|on|stories|news|like|coverage|in|top)\b.{0,50}`,
    raw`you (?:may|might) (?:also|like|be)\b.{0,30}`,
    raw`you['’]ll also like.{0,20}`,
    raw`(?:also|what to) read.{0,30}`,
    raw`related\b.{0,40}`,
    raw`recommended\b.{0,40}`,
    raw`recent (?:posts?|articles|stories|news)`,
    raw`latest (?:news|stories|posts|articles)`,
    raw`(?:popular|trending)\b.{0,30}`,
    raw`most (?:read|popular|viewed)\b.{0,30}`,
    raw`read (?:more|next|also)\b.{0,40}`,
    raw`editor['’]?s['’]? picks?`,
    raw`don['’]t miss\b.{0,30}`,
    raw`share (?:this|on)\b.{0,40}`,
    raw`(?:leave|post|add|write) a (?:comment|reply).{0,20}`,
    raw`comments?`,
    raw`\d+ (?:comments?|thoughts? on|responses?|replies)\b.{0,80}`,
    raw`tags?:?.{0,20}`,
    raw`about the author`,
    raw`follow us.{0,40}`,
    raw`sign up.{0,80}`,
    raw`subscribe.{0,80}`,
    raw`join (?:the|our).{0,60}`,
    raw`like this (?:story|article)\b.{0,50}`,
    raw`see also|further reading`,
    raw`você pode gostar.{0,10}|leia (?:também|mais).{0,10}|veja também.{0,10}`,
    raw`читайте также.{0,10}|похожие .{0,20}|рекомендуем.{0,20}`,
    raw`artikel terkait.{0,10}|baca juga.{0,10}`,
    raw`関連記事|関連リンク|あわせて読みたい|관련 ?기사|相关(?:文章|阅读|新闻)|相關(?:文章|閱讀|新聞)`,
    raw`lire aussi.{0,10}|à lire aussi.{0,20}|lee también.{0,10}|te puede interesar.{0,20}|leggi anche.{0,10}|lees ook.{0,10}`,
    raw`lesen sie auch.{0,10}|mehr zum thema.{0,20}|das könnte sie.{0,30}|czytaj (?:też|także).{0,10}|bunlar da ilginizi.{0,20}`,
  ],
  "[.:!…]*",
);

/** Headings and labels after which a documentation page has ended. */
export const REFERENCE_TAIL = wholeLine(
  [
    raw`share this\b.{0,30}`,
    raw`\d+ (?:thoughts?|comments?|responses?|replies|answers?)(?: (?:on|to)\b.{0,70})?`,
    raw`(?:user |community )?comments?`,
    raw`leave a (?:comment|reply)`,
    raw`(?:was|is|did|does) this\b.{0,50}\?`,
    raw`(?:how )?(?:helpful|useful) (?:was|is) this\b.{0,40}`,
    raw`\d+ out of \d+ found this helpful`,
    raw`have (?:more|further|any) questions\b.{0,40}`,
    raw`still (?:have|need)\b.{0,40}`,
    raw`recently viewed\b.{0,40}`,
    raw`related(?: (?:articles|posts|questions|products))?`,
    raw`(?:customers|people) also (?:bought|viewed)\b.{0,40}|you (?:may|might) also like\b.{0,30}`,
    raw`promoted articles`,
    raw`recent posts?`,
    raw`articles in this section`,
    raw`(?:send|give|provide) (?:us )?feedback.{0,30}`,
    raw`feedback`,
    raw`rate this\b.{0,30}`,
    raw`help us improve\b.{0,40}`,
    raw`need (?:more )?help\??`,
    raw`categories|archives|contributors|navigation menu|personal tools`,
  ],
  "[.:!…]*",
);

/** Lines about a documentation page: who changed it when, where it stands, what comes next. */
export const PAGE_FACT_LINE = wholeLine(
  [
    raw`posted (?:on|in|by)\b.{0,120}`,
    raw`(?:last )?(?:updated|modified|edited|reviewed|revised)(?: on| by|:)?\s.{0,60}(?:19|20)\d\d.{0,30}`,
    raw`this page was last (?:edited|modified|updated)\b.{0,80}`,
    raw`\d+ out of \d+ found this helpful.{0,40}`,
    raw`(?:previous|prev|«|←|‹)\s?(?:post|page|article|topic|chapter)?\b.{0,90}\bnext\b.{0,90}`,
    raw`edit (?:this page|on github|this section|page)\b.{0,40}`,
    raw`(?:copyright\b.{0,15}|©\s?)(?:19|20)\d\d.{0,90}`,
    raw`tagged\b.{0,80}`,
    raw`(?:all|some) rights reserved.{0,40}`,
    raw`(?:built|made|powered|proudly powered|created) (?:with|by)\b.{0,60}`,
    raw`you are (?:viewing|reading|here)\b.{0,120}`,
    raw`retrieved from\b.{0,120}`,
    raw`categor(?:y|ies):.{0,120}`,
    raw`jump to(?: navigation)?\b.{0,40}`,
  ],
  "",
);

/** A date, or a byline, alone on its line. */
export const DATE_OR_BYLINE = wholeLine(
  [
    raw`(?:by|por|von|par)\s\p{Lu}.{2,50}`,
    raw`(?:first )?(?:published|updated|posted|last updated|created|publicado|veröffentlicht|publié|опубликовано|기사입력|입력|公開日|投稿日|更新日).{0,70}`,
    raw`.{0,30}(?:\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+(?:19|20)\d\d|\d{1,2}\.?\s+(?:de\s+)?\p{L}{3,12}\.?,?\s+(?:de\s+)?(?:19|20)\d\d|(?:19|20)\d\d[-./年]\s?\d{1,2}[-./月]\s?\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:19|20)\d\d).{0,40}`,
  ],
  "",
  "iu",
);

/** Controls and labels that are boilerplate wherever they stand. */
export const BOILERPLATE_LINE = wholeLine(
  [
    raw`share(?: this)?(?: (?:article|page|story|post|on .{2,20}))?|tweet|pin it|email(?: this)?|print|save`,
    raw`follow(?: us)?(?: on .{2,30})?`,
    raw`advertisement|advertising|sponsored(?: content)?|ad`,
    raw`related(?: (?:articles?|stories|posts?|links?|topics?|content|video|coverage))?`,
    raw`read (?:more|next|also)|more (?:from|on|in) .{2,40}|see also:? ?|recommended(?: for you)?`,
    raw`you (?:may|might) (?:also )?(?:like|be interested in)`,
    raw`(?:story|article) continues below(?: advertisement)?|continue reading(?: below| the main story)?`,
    raw`skip (?:to .{2,30}|advertisement)`,
    raw`copy(?: code| link)?|copied!?|edit(?: this page| on github)?|\[ ?edit ?\]`,
    raw`on this page|in this article|table of contents|contents`,
    raw`was this (?:page|article|helpful|information|content|topic)?.{0,25}\?|(?:yes|no)`,
    raw`back to top|previous|next|loading\.*`,
    raw`comments?(?: \(\d+\))?|leave a (?:comment|reply)|\d+ comments?`,
    raw`sign up(?: now)?|subscribe(?: now)?|click here to .{5,60}`,
    raw`image(?: copyright| caption)?.{0,40}|media (?:playback|caption).{0,60}|getty images|photo:.{0,80}`,
    raw`last (?:updated|modified|edited)(?: on| by)?.{0,50}`,
    raw`view (?:comments|gallery|slideshow)|close|menu|search|home|¶|#|§`,
    raw`watch (?:now|live|more)|play video|show (?:more|less)|view more|load more`,
    raw`hide caption|toggle caption|enlarge this image|originally published.{0,60}`,
  ],
  "[.:»›→]?",
);

/** Headings of a documentation page that name its furniture. */
export const FURNITURE_HEADING =
  /^(?:on this page|in this article|table of contents|related (?:articles|posts|pages|topics)|was this)/i;

/** "Read more: …" and its kin, at the start of a line that is mostly a link. */
export const READ_MORE =
  /^(?:related(?: (?:articles?|stories|story|posts?|coverage|news|video))?|read (?:more|also|next|this)|see also|also read|also see|more(?: (?:from|on|about|news).{0,30})?|watch(?: (?:also|now|more|this))?|must read|recommended|don['’]t miss|further reading|next|up next|click here|follow .{0,40} on|(?:also|more) on .{2,30}|learn more|leia (?:também|mais)|читайте также|читать также|baca juga|lee también|lire aussi|lesen sie auch|관련기사|もっと読む|関連記事)\s*[:>»–—|-]/i;

/** The same without punctuation: only telling where the rest of the block is links. */
export const READ_MORE_LABEL =
  /^(?:don['’]t miss|must read|read (?:more|next|also)|see also|related|more on this|trending|lesen sie auch|lire aussi|lee también|leia também|читайте также)(?=\W|$)/i;

/** Last lines that lead away: accounts to follow, agency links, reprint notices. */
export const SIGN_OFF = wholeLine(
  [
    raw`(?:you can )?follow\b.{0,80}\b(?:on|at)\b.{0,30}\b(?:twitter|facebook|instagram|youtube|linkedin|x|threads|tiktok|bluesky|mastodon)\b.{0,150}`,
    raw`.{0,250}\bfollow (?:him|her|them|us|me|@\w+)\b.{0,40}\bon (?:twitter|facebook|instagram|x|threads)\b.{0,120}`,
    raw`(?:reach|contact|email)\b.{0,60}\b(?:on twitter|@|at).{0,150}`,
    raw`more (?:from )?ap\b.{0,150}`,
    raw`.{0,100}무단.?전재.{0,100}`,
    raw`updated (?:at )?\d{1,2}[:.]\d\d.{0,20}`,
  ],
  "",
);

/** A line of topic links. */
export const TOPIC_LINE = /^(?:tags?|topics?|filed under|categor(?:y|ies|ias?)|метки|теги|labels?|keywords)\b/i;

/** Controls of a shop, as labels and links; buttons are left out anyway. */
export const SHOP_CONTROL = wholeLine(
  [
    raw`(?:quantity|qty|menge|anzahl|quantité|cantidad|quantità|aantal)(?: \d+)?`,
    raw`add(?:ed)? to (?:your )?(?:cart|bag|basket|wish ?list|favou?rites|compare)|buy(?: it)? now|view (?:cart|basket)|continue shopping|checkout`,
    raw`(?:in den|zum) warenkorb(?: legen)?|auf (?:die|den) (?:merkliste|wunschzettel)|jetzt kaufen|merken`,
    raw`ajouter (?:au panier|à ma liste.{0,20})|acheter maintenant|añadir al? (?:carrito|cesta)|comprar ahora|aggiungi al carrello|in winkelwagen`,
    raw`write (?:a|your) review|read (?:all )?(?:\d+ )?reviews|be the first to review.{0,80}|bewertung (?:schreiben|abgeben)`,
    raw`(?:view|open|zoom|enlarge) (?:full ?-?size |larger )?image.{0,20}|click to (?:zoom|enlarge)|share|notify me when.{0,40}|size guide|clear`,
  ],
  "[.:…]*",
);

/** Headings of a product page under which other products, or other people's words about this one, stand. */
export const OTHER_PRODUCTS = wholeLine(
  [
    raw`you (?:may|might)(?: also)? (?:like|love|need|be interested in).{0,20}|you['’]ll (?:also )?love.{0,20}`,
    raw`(?:related|similar|recommended|featured|suggested|matching|more|other|popular) (?:products?|items?|accessories|articles).{0,30}`,
    raw`(?:customers|people|shoppers|others) (?:who (?:bought|viewed) this )?(?:also )?(?:bought|viewed|liked|purchased).{0,40}`,
    raw`(?:frequently|often) bought together|recently viewed.{0,30}|recommended(?: for you)?|pairs well with|goes well with|complete (?:the|your) (?:look|set).{0,20}|bundle (?:and|&) save|shop the look`,
    raw`(?:customer |product |verified |user )?(?:reviews?|ratings?|testimonials)(?: (?:&|and) (?:reviews?|ratings?))?(?: \(?\d+\)?)?|what (?:our )?customers (?:say|think).{0,20}|\d+ reviews?(?: for .{0,80})?`,
    raw`(?:ähnliche|verwandte|passende|weitere|empfohlene) (?:produkte|artikel|zubehör).{0,30}|(?:andere )?kunden (?:kauften|sahen|haben) .{0,40}|wird oft zusammen gekauft|zuletzt angesehen.{0,20}|das könnte (?:dir|ihnen).{0,30}|passend dazu`,
    raw`(?:kunden|produkt)?-?(?:bewertungen|rezensionen|meinungen)(?: \(?\d+\)?)?`,
    raw`(?:produits|articles) (?:similaires|associés|recommandés)|vous (?:aimerez|aimeriez) (?:aussi|peut-être).{0,20}|avis (?:clients?|des clients).{0,20}|vu[es]? récemment`,
    raw`productos (?:relacionados|similares|recomendados)|también te puede.{0,30}|opiniones(?: de (?:los )?clientes)?|reseñas.{0,20}|prodotti (?:correlati|simili)|recensioni.{0,20}|gerelateerde producten|anderen (?:kochten|bekeken) ook|klantbeoordelingen`,
  ],
  "[.:!…]*",
);
