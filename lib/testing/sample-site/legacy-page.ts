/**
 * A page as it was written in 2018, and never touched since: unclosed and wrongly nested tags, attributes without quotes, a second
 * title, a stray end tag, bare ampersands, no end of body. A browser shows it without trouble, and so must a crawler read it.
 */
export const LEGACY_PAGE = `<HTML><HEAD><TITLE>Workshop notes from 2018 & other stories</TITLE>
<META NAME=description CONTENT='Notes from the first workshop'>
<link rel=stylesheet href=/assets/site.css>
<BODY BGCOLOR=#fbf9f4>
<center><TABLE WIDTH=720 CELLPADDING=12><TR><TD>
<font size=2><a href=/>Sprigwell</a> | <a href=/journal>Journal</a> | <a href="/about"">About</a></font>
<H1>Workshop notes from 2018</h1>
<p>These notes were written on the workshop computer & are kept as they were.
<P>In March we had soldered <b>the 300th garden <i>by hand</b>, and nobody wanted to see a soldering iron again.</i> The first pump came from an aquarium shop in Aalst & cost 11 euros. It was rated for 2,000 hours, and we learned that this is eighty-three days.
<h2>What we measured</H2>
<ul><li>With 14 hours of light basil grew <b>31 % slower than with 16
<li>A tank painted black on the inside had no algae after six weeks; the clear one was green after nine days
<li>The loudest part was not the pump, it was the shelf
</ul></div></span>
<p>The float sensor is a wine cork with a magnet. Noor cut 300 of them. The people in the wine shop asked no questions.
<table border=1><tr><td>Version<td>Pump<td>Noise<tr><td>Prototype 4<td>aquarium<td>41 dB<tr><td>Prototype 7<td>coffee machine<td>38 dB<tr><td>First series<td>made for us<td>29 dB</table>
<p>Room temperature in the bicycle shop: 11 degrees in January. <P>What we would do differently: buy <em>one</em> heater & two fewer oscilloscopes.
<p>-- Tomas, 30 November 2018
<hr><font size=1>best viewed with 1024 x 768 <a href='/contact'>write to us</a>
</TD></TR></TABLE>
`;
