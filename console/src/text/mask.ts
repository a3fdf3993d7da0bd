/** Hides what a message says, for screens that others can see. */

const LETTERS_AND_DIGITS = /[\p{L}\p{N}\p{M}\p{Extended_Pictographic}]/gu;

/** Keep the shape of a text, and nothing that could be read. */
export function maskText(text: string): string {
  return text.replace(LETTERS_AND_DIGITS, "•");
}

/** Keep the country and the last two digits of a number. */
export function maskPhone(phoneNumber: string): string {
  const digits = phoneNumber.replace(/\D/g, "").length;
  let seen = 0;
  return phoneNumber.replace(/\d/g, (digit) => {
    seen += 1;
    return (digits > 6 && seen <= 2) || seen > digits - 2 ? digit : "•";
  });
}
