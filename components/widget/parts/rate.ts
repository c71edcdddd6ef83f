import type { Message } from "../chat";
import { part } from "../part";
import type { Rating } from "../protocol";

/** A thumb was pressed, or pressed once more to take it back. */
export default part({
  strings: {},
  mount({ api, announce, load }) {
    /** @param press shows which thumb is down */
    return async (message: Message, rating: Rating, row: HTMLElement, press: () => void): Promise<void> => {
      const before = message.rating;
      message.rating = before === rating ? null : rating;
      press();
      row.querySelector(".why")?.remove();
      try {
        await api.send(`answers/${message.id}/feedback`, { rating: message.rating });
        if (message.rating === "down") ((await load("feedback")) as AskWhy)(message, row);
      } catch (error) {
        message.rating = before;
        press();
        announce((error as Error).message);
      }
    };
  },
});

type AskWhy = (message: Message, row: HTMLElement) => void;
