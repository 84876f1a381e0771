/* Commenter des mots : la sélection remplit le formulaire. Sans lui, on choisit le paragraphe et l'on colle les mots. */
"use strict";

(function () {
  const texte = document.querySelector("[data-relecture]");
  const formulaire = document.getElementById("commenter");
  if (!texte || !formulaire) {
    return;
  }
  const bloc = formulaire.querySelector("[name='bloc']");
  const extrait = formulaire.querySelector("[name='extrait']");
  const remarque = formulaire.querySelector("[name='texte']");

  function blocDe(noeud) {
    const element = noeud && (noeud.nodeType === Node.ELEMENT_NODE ? noeud : noeud.parentElement);
    return element && element.closest("[data-bloc]");
  }

  /* Les mots choisis, s'ils tiennent dans un seul paragraphe ; sinon ce qui en est dans le premier. */
  function choisis() {
    const selection = window.getSelection();
    if (!selection || selection.isCollapsed || !selection.rangeCount) {
      return null;
    }
    const etendue = selection.getRangeAt(0).cloneRange();
    const debut = blocDe(etendue.startContainer);
    if (!debut) {
      return null;
    }
    if (blocDe(etendue.endContainer) !== debut) {
      etendue.setEnd(debut, debut.childNodes.length);
    }
    const mots = (blocDe(selection.getRangeAt(0).endContainer) === debut ? selection : etendue).toString().trim();
    return mots ? { bloc: debut.dataset.bloc, mots: mots } : null;
  }

  function montrer(rang) {
    texte.querySelectorAll(".est-choisi").forEach(function (un) {
      un.classList.remove("est-choisi");
    });
    const choisi = document.getElementById("bloc-" + rang);
    if (choisi) {
      choisi.classList.add("est-choisi");
    }
  }

  document.addEventListener("selectionchange", function () {
    const choix = choisis();
    if (choix) {
      bloc.value = choix.bloc;
      extrait.value = choix.mots;
      montrer(choix.bloc);
    }
  });

  texte.querySelectorAll("[data-choisir]").forEach(function (lien) {
    lien.addEventListener("click", function (evenement) {
      evenement.preventDefault();
      const rang = lien.dataset.choisir;
      const choix = choisis();
      /* Toucher le lien peut effacer la sélection : celle d'avant est déjà dans le formulaire. */
      const gardes = bloc.value === rang ? extrait.value : "";
      extrait.value = choix && choix.bloc === rang ? choix.mots : gardes;
      bloc.value = rang;
      montrer(rang);
      formulaire.scrollIntoView();
      remarque.focus();
    });
  });

  bloc.addEventListener("change", function () {
    extrait.value = "";
    montrer(bloc.value);
  });
})();
