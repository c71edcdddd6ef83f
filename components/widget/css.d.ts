/** The minified text of a style sheet, put in by the build. */
declare module "*.css?inline" {
  const css: string;
  export default css;
}
