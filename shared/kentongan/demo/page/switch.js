(() => {
  "use strict";
  const root = document.documentElement;
  const buttons = document.querySelectorAll("[data-choose]");
  const titles = { id: document.title, en: root.dataset.titleEn };
  const choose = (language) => {
    root.lang = language;
    root.dataset.language = language;
    document.title = titles[language];
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.dataset.choose === language));
    }
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      choose(button.dataset.choose);
      history.replaceState(null, "", "#" + button.dataset.choose);
    });
  }
  choose(location.hash === "#en" ? "en" : "id");
})();
