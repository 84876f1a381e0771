/* Treille — la page d’un retour sans compte : garder ce qu’on écrit, réduire la photo, dire ce qui attend, ouvrir hors
   ligne. Sans ce fichier, le formulaire s’envoie tel quel. */
"use strict";

(function () {
  const file = window.treilleRetours;
  const donnees = document.body.dataset;
  const [COTE, QUALITE] = [1600, 0.82];
  const PAGES = "treille-retours-pages"; /* comme retour_service.js */
  const ICI = (id) => document.getElementById(id);
  const montrer = (element, oui) => element && (element.hidden = !oui);
  const ecrire = (element, texte) => element && (element.textContent = texte);

  const MOTS = {
    reseau: "Le réseau manque : l’envoi se fera de lui-même à son retour, dans l’ordre. Vous pouvez fermer la page.",
    serveur: "Le serveur ne répond pas : nouvel essai dans un instant. Vous pouvez fermer la page.",
    affluence: "Trop de retours arrivent en même temps : nouvel essai dans quelques minutes, rien n’est perdu.",
  };
  const [GARDE, RECU] = ["Gardé sur cet appareil", "Merci, votre retour est reçu"];
  const TROP_PLEIN =
    "Cet appareil n’a plus de place : votre texte n’est gardé que sur cet écran. Laissez la page ouverte et renvoyez-le " +
    "quand le réseau revient, ou copiez-le ailleurs.";
  const PHOTO_LAISSEE = "Cet appareil n’a plus de place : la photo n’est pas gardée, le texte l’est.";
  const PHOTO_ILLISIBLE =
    "Cette photo ne se lit pas ici (elle est peut-être en HEIC) : elle ne partira pas. Faites-en une capture d’écran, " +
    "ou reprenez-la en JPEG.";

  /* ---------- Ce qui attend sur l’appareil ---------- */
  const accorder = (nombre, un, plusieurs) => nombre + " " + (nombre > 1 ? plusieurs : un);

  async function montrerLaFile() {
    const retours = await file.tous().catch(() => []);
    const attendent = retours.filter((retour) => retour.etat === file.ATTEND).length;
    const aReprendre = retours.filter((retour) => retour.etat !== file.ATTEND);
    montrer(ICI("file"), attendent || aReprendre.length);
    montrer(ICI("file-envoyer"), attendent);
    montrer(ICI("file-compte"), attendent);
    montrer(ICI("file-pourquoi"), attendent);
    ecrireSiNeuf(ICI("file-compte"), accorder(attendent, "retour attend le réseau sur cet appareil.", "retours attendent le réseau sur cet appareil."));
    ecrireSiNeuf(ICI("file-pourquoi"), attendent ? MOTS[file.panne()] || "" : "");
    if (!attendent) {
      montrer(ICI("file-fragile"), false);
    }
    montrerLesReprises(aReprendre);
    suivreLeDernier(retours);
  }

  /* Ce qu’on vient de donner part parfois plus tard, ou par un autre onglet : la page le dit quand même. */
  function suivreLeDernier(retours) {
    if (!dernier || ICI("merci").hidden) {
      return;
    }
    if (file.bilan(dernier.retour.cle)) {
      conclure();
    } else if (!retours.some((retour) => retour.cle === dernier.retour.cle)) {
      remercier(RECU, "", dernier.code, dernier.laissee ? PHOTO_LAISSEE : "");
    }
  }

  /* Une région annoncée ne se redit que si elle change. */
  function ecrireSiNeuf(element, texte) {
    if (element && element.textContent !== texte) {
      element.textContent = texte;
    }
  }

  function montrerLesReprises(retours) {
    const liste = ICI("file-reprises");
    const cles = retours.map((retour) => retour.id + retour.etat).join();
    if (!liste || liste.dataset.cles === cles) {
      return;
    }
    liste.dataset.cles = cles;
    liste.replaceChildren(...retours.map(reprise));
  }

  function reprise(retour) {
    const element = ICI("modele-reprise").content.cloneNode(true);
    const trouver = (nom) => element.querySelector("[data-" + nom + "]");
    ecrire(trouver("motif"), retour.motif);
    ecrire(trouver("probleme"), retour.champs.probleme);
    ecrire(trouver("amelioration"), retour.champs.amelioration);
    const reprendre = trouver("reprendre");
    montrer(reprendre, formulaire && retour.etat === file.REFUSE);
    reprendre.addEventListener("click", () => remettre(retour));
    trouver("copier").addEventListener("click", (clic) => copier(retour, clic.currentTarget));
    trouver("effacer").addEventListener("click", () => file.oublier(retour.id).then(file.prevenir));
    if (retour.etat === file.CLOS) {
      const autres = file.liens().filter((lien) => lien.jeton !== retour.jeton);
      trouver("liens").replaceChildren(...autres.map((lien) => renvoi(retour, lien)));
    }
    return element;
  }

  function renvoi(retour, lien) {
    const bouton = document.createElement("button");
    Object.assign(bouton, { type: "button", className: "bouton second", textContent: "Envoyer par « " + lien.nom + " »" });
    bouton.addEventListener("click", async () => {
      /* L’unité d’un lien n’est pas celle d’un autre : le nouveau lien dit la sienne. */
      delete retour.champs.unite;
      Object.assign(retour, { jeton: lien.jeton, etat: file.ATTEND, motif: "" });
      await file.ecrire(retour);
      file.prevenir();
      file.envoyer();
    });
    return bouton;
  }

  async function copier(retour, bouton) {
    const texte = [retour.champs.probleme, retour.champs.amelioration].filter(Boolean).join("\n\n");
    try {
      await navigator.clipboard.writeText(texte);
      ecrire(bouton, "Copié");
    } catch {
      window.getSelection().selectAllChildren(bouton.closest("li").querySelector("[data-probleme]"));
      ecrire(bouton, "Sélectionné : copiez-le");
    }
  }

  /* ---------- Le formulaire ---------- */
  const formulaire = ICI("retour");
  let photo = null;
  let laPhoto = Promise.resolve();
  let averti = false;
  let dernier = null;

  /* Ce qu’on écrit survit à un rechargement, dans cet onglet seulement : un poste partagé n’en garde rien. */
  const BROUILLON = "treille:brouillon:" + donnees.jeton;
  const TEXTES = ["probleme", "amelioration"];

  function garderLeBrouillon() {
    try {
      sessionStorage.setItem(BROUILLON, JSON.stringify(TEXTES.map((nom) => formulaire.elements[nom].value)));
    } catch {
      /* Sans place, le texte reste à l’écran. */
    }
  }

  function oublierLeBrouillon() {
    try {
      sessionStorage.removeItem(BROUILLON);
    } catch {
      /* Rien n’y était. */
    }
  }

  function relireLeBrouillon() {
    try {
      const gardes = JSON.parse(sessionStorage.getItem(BROUILLON)) || [];
      TEXTES.forEach((nom, rang) => (formulaire.elements[nom].value ||= gardes[rang] || ""));
    } catch {
      /* Rien à reprendre. */
    }
  }

  async function lirePhoto() {
    const choisie = formulaire.elements.photo.files[0];
    photo = null;
    ecrire(ICI("photo-dite"), choisie ? "Lecture de la photo…" : "");
    if (choisie) {
      photo = await reduire(choisie).catch(() => null);
      ecrire(ICI("photo-dite"), photo ? "Photo prête : elle partira réduite, sans le lieu ni l’heure." : PHOTO_ILLISIBLE);
    }
  }

  async function reduire(fichier) {
    const image = await createImageBitmap(fichier, { imageOrientation: "from-image" });
    const part = Math.min(1, COTE / Math.max(image.width, image.height));
    const feuille = document.createElement("canvas");
    feuille.width = Math.max(1, Math.round(image.width * part));
    feuille.height = Math.max(1, Math.round(image.height * part));
    const pinceau = feuille.getContext("2d");
    pinceau.fillStyle = "#fff";
    pinceau.fillRect(0, 0, feuille.width, feuille.height);
    pinceau.drawImage(image, 0, 0, feuille.width, feuille.height);
    image.close();
    return new Promise((rendre, rejeter) =>
      feuille.toBlob((blob) => (blob ? rendre(blob) : rejeter(new Error("photo"))), "image/jpeg", QUALITE),
    );
  }

  function ressembleAUnePersonne() {
    const texte = TEXTES.map((nom) => formulaire.elements[nom].value).join("\n");
    const trouves = JSON.parse(donnees.signaux).filter(function (signal) {
      try {
        return new RegExp(signal.motif, signal.drapeaux).test(texte);
      } catch {
        return false;
      }
    });
    return trouves.length ? trouves[trouves.length - 1].phrase : "";
  }

  function direLaFaute(phrases, champ) {
    const cadre = ICI("fautes");
    cadre.replaceChildren(
      ...phrases.map(function (phrase) {
        const ligne = document.createElement("p");
        ecrire(ligne, phrase);
        return ligne;
      }),
    );
    montrer(cadre, phrases.length);
    TEXTES.forEach((nom) => formulaire.elements[nom].removeAttribute("aria-invalid"));
    if (champ && formulaire.elements[champ]) {
      formulaire.elements[champ].setAttribute("aria-invalid", "true");
    }
    if (phrases.length) {
      cadre.scrollIntoView({ block: "center" });
      cadre.focus({ preventScroll: true });
    }
  }

  const valeur = (nom) => (formulaire.elements[nom] ? formulaire.elements[nom].value : "");

  async function composer(code) {
    const champs = {};
    ["probleme", "amelioration", "module", "unite", "gravite", "metier", "canal", "courriel"].forEach(function (nom) {
      champs[nom] = valeur(nom);
    });
    if (formulaire.elements.au_nom && formulaire.elements.au_nom.checked && !ICI("devine").hidden) {
      champs.au_nom = "on";
    }
    return {
      jeton: donnees.jeton,
      cle: file.tirerCle(),
      suivi: code ? await file.brouiller(code) : "",
      champs: champs,
      photo: photo,
    };
  }

  async function envoyer(envoi) {
    envoi.preventDefault();
    const phrase = averti || (envoi.submitter && envoi.submitter.id === "quand-meme") ? "" : ressembleAUnePersonne();
    montrer(ICI("quand-meme"), Boolean(phrase));
    if (phrase) {
      return direLaFaute([phrase]);
    }
    if (!valeur("probleme").trim()) {
      return direLaFaute(["Dites en quelques mots ce qui a posé problème : c’est la seule chose obligatoire."], "probleme");
    }
    if (valeur("canal") === "courriel" && !valeur("courriel")) {
      return direLaFaute(["Écrivez l’adresse où recevoir la réponse, ou choisissez « Je lirai l’affiche »."], "courriel");
    }
    direLaFaute([]);
    ICI("envoyer").disabled = true;
    try {
      await laPhoto;
      await donner();
    } finally {
      ICI("envoyer").disabled = false;
    }
  }

  async function donner() {
    const code = valeur("canal") === "code" ? file.tirerCode() : "";
    const retour = await composer(code);
    let laissee = false;
    try {
      laissee = await file.garder(retour);
    } catch {
      return donnerSansReserve(retour, code);
    }
    remercier(GARDE, "Il part dès que possible.", code, laissee ? PHOTO_LAISSEE : "");
    dernier = { retour: retour, code: code, laissee: laissee };
    vider();
    file.prevenir();
    file.demanderDeGarder().then((promis) => !promis && montrer(ICI("file-fragile"), true));
    await file.envoyer();
    if (dernier && dernier.retour === retour) {
      conclure();
    }
  }

  /* L’appareil est plein : le texte part tout de suite, ou reste à l’écran. */
  async function donnerSansReserve(retour, code) {
    const issue = await file.poster(retour);
    if (issue.recu) {
      remercier(RECU, "", code, issue.photo);
      vider();
    } else {
      direLaFaute([issue.motif || TROP_PLEIN]);
    }
  }

  function conclure() {
    const { retour, code, laissee } = dernier;
    const bilan = file.bilan(retour.cle) || {};
    if (bilan.recu) {
      remercier(RECU, "", code, laissee ? PHOTO_LAISSEE : bilan.photo);
    } else if (bilan.etat === file.REFUSE) {
      remettre(retour, bilan.champs);
    } else if (bilan.etat === file.CLOS) {
      remercier("Votre retour n’est pas parti", bilan.motif + " Votre texte est gardé ci-dessus.", code, "");
      ICI("merci").classList.add("echec");
      montrer(ICI("merci-autre"), false);
    } else if (file.panne()) {
      remercier(GARDE, "Il partira de lui-même. Vous pouvez fermer la page.", code, laissee ? PHOTO_LAISSEE : "");
    }
  }

  function remercier(titre, suite, code, ditDeLaPhoto) {
    const neuf = ICI("merci").hidden;
    ecrireSiNeuf(ICI("t-merci"), titre);
    ecrireSiNeuf(ICI("merci-suite"), suite);
    ecrire(ICI("merci-photo"), ditDeLaPhoto);
    montrer(ICI("merci-photo"), Boolean(ditDeLaPhoto));
    ecrire(ICI("code"), code && file.enBlocs(code));
    montrer(ICI("merci-code"), Boolean(code));
    montrer(ICI("merci"), true);
    montrer(formulaire, false);
    if (neuf) {
      ICI("t-merci").focus();
      window.scrollTo(0, 0);
    }
  }

  function vider() {
    formulaire.reset();
    oublierLeBrouillon();
    photo = null;
    averti = false;
    ecrire(ICI("photo-dite"), "");
    montrer(ICI("quand-meme"), false);
    direLaFaute([]);
    suivreLUnite();
  }

  /* Refusé (un numéro de sécurité sociale, le plus souvent) : tout revient dans les champs, la photo aussi. */
  async function remettre(retour, champs) {
    Object.entries(retour.champs).forEach(function ([nom, ecrit]) {
      const champ = formulaire.elements[nom];
      if (champ && champ.type === "checkbox") {
        champ.checked = true;
      } else if (champ) {
        champ.value = ecrit;
      }
    });
    photo = retour.photo;
    dernier = null;
    ecrire(ICI("photo-dite"), photo ? "La photo est toujours là." : "");
    averti = true;
    await file.oublier(retour.id).catch(() => {});
    montrer(ICI("merci"), false);
    montrer(formulaire, true);
    garderLeBrouillon();
    suivreLUnite();
    file.prevenir();
    direLaFaute(champs ? Object.values(champs).flat() : [retour.motif], Object.keys(champs || {})[0] || "probleme");
  }

  /* Dans une petite équipe, on le dit ; dans une autre, la question ne se pose pas. */
  function suivreLUnite() {
    const choix = formulaire.elements.unite;
    if (choix && ICI("devine")) {
      const phrase = JSON.parse(donnees.devinables)[choix.value];
      montrer(ICI("devine"), Boolean(phrase));
      ecrire(ICI("devine-phrase"), phrase || "");
    }
  }

  function tenirLeFormulaire() {
    formulaire.noValidate = true;
    relireLeBrouillon();
    suivreLUnite();
    formulaire.addEventListener("submit", envoyer);
    formulaire.addEventListener("input", garderLeBrouillon);
    formulaire.elements.photo.addEventListener("change", () => (laPhoto = lirePhoto()));
    if (formulaire.elements.unite) {
      formulaire.elements.unite.addEventListener("change", suivreLUnite);
    }
    ICI("merci-autre").addEventListener("click", function () {
      dernier = null;
      montrer(ICI("merci"), false);
      montrer(formulaire, true);
      formulaire.elements.probleme.focus();
    });
  }

  /* ---------- Les liens de l’appareil ---------- */
  function montrerLesLiens() {
    const connus = file.liens();
    if (connus.length && !location.search.includes("choisir")) {
      location.replace(file.adresse(connus[0].jeton));
      return;
    }
    montrer(ICI("aucun"), !connus.length);
    montrer(ICI("connus"), connus.length);
    ICI("liste-connus").replaceChildren(
      ...connus.map(function (lien) {
        const ligne = document.createElement("li");
        const ancre = document.createElement("a");
        Object.assign(ancre, { className: "bouton second", href: file.adresse(lien.jeton), textContent: lien.nom });
        ligne.append(ancre);
        return ligne;
      }),
    );
  }

  /* ---------- Ouvrir sans réseau ---------- */
  async function preparerHorsLigne() {
    if (!("serviceWorker" in navigator)) {
      return;
    }
    try {
      await navigator.serviceWorker.register(donnees.service, { scope: donnees.racine });
      await navigator.serviceWorker.ready;
      const pages = await caches.open(PAGES);
      if (donnees.jeton && !(await pages.match(location.pathname))) {
        await pages.add(location.pathname);
      }
      document.documentElement.dataset.horsLigne = "pret";
    } catch {
      /* Sans service d’arrière-plan, la page demande le réseau pour s’ouvrir ; la file, elle, tient. */
    }
  }

  if (!file || !file.possible()) {
    return;
  }
  if (formulaire) {
    file.retenirLien(donnees.jeton, donnees.nom);
    tenirLeFormulaire();
  }
  if ("clos" in donnees) {
    file.oublierLien(location.pathname.slice(donnees.racine.length).replace("/", ""));
  }
  if ("liens" in donnees) {
    montrerLesLiens();
  }
  file.ecouter(montrerLaFile);
  ICI("file-envoyer").addEventListener("click", file.envoyer);
  window.addEventListener("online", file.envoyer);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && file.envoyer());
  montrerLaFile();
  file.envoyer();
  preparerHorsLigne();
})();
