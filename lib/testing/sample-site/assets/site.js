// Menu, cookie banner, feedback buttons and copy buttons of the sample site. Nothing here is needed to read a page.
const CONSENT_KEY = "sprigwell-consent";

const toggle = document.querySelector(".nav-toggle");
const nav = document.querySelector(".main-nav");
toggle?.addEventListener("click", () => {
  const open = nav?.classList.toggle("is-open") ?? false;
  toggle.setAttribute("aria-expanded", String(open));
});

const banner = document.getElementById("cookie-banner");
function storedConsent() {
  try {
    return localStorage.getItem(CONSENT_KEY);
  } catch {
    return null;
  }
}
if (banner && !storedConsent()) banner.hidden = false;
for (const button of banner?.querySelectorAll("button") ?? []) {
  button.addEventListener("click", () => {
    try {
      localStorage.setItem(CONSENT_KEY, button.dataset.consent ?? "necessary");
    } catch {
      // Without storage the banner comes back on the next page.
    }
    banner.hidden = true;
  });
}
document.getElementById("cookie-settings")?.addEventListener("click", (event) => {
  event.preventDefault();
  if (banner) banner.hidden = false;
});

for (const box of document.querySelectorAll(".article-feedback")) {
  for (const button of box.querySelectorAll("button")) {
    button.addEventListener("click", () => {
      box.innerHTML = "<p>Thank you. We read every answer.</p>";
    });
  }
}

for (const button of document.querySelectorAll(".copy-button")) {
  button.addEventListener("click", async () => {
    const code = button.closest(".code-block")?.querySelector("code")?.textContent ?? "";
    await navigator.clipboard?.writeText(code);
    button.textContent = "Copied";
  });
}
