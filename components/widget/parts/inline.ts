import { part } from "../part";
import css from "./inline.css?inline";

/** The chat as a part of the page: it fills the element that the snippet stands in. */
export default part({ css, strings: {}, mount: () => () => {} });
