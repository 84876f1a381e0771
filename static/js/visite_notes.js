/* Treille — prendre des notes pendant une visite : garder ce qu’on tape, montrer les questions du thème, dire ce qui
   attend, ouvrir hors ligne. Sans ce fichier, le formulaire s’envoie tel quel. */
"use strict";

(function () {
  const commune = window.treilleFile;
  const donnees = document.body.dataset;
  const PAGES = "treille-notes-pages"; /* comme retour_service.js */
  const ICI = (id) => document.getElementById(id);
  const formulaire = ICI("note");
  const champ = (nom) => formulaire.elements[nom];
  const montrer = (element, oui) => (element.hidden = !oui);

  const MOTS = {
    reseau: "Le réseau manque : l’envoi se fera de lui-même à son retour, dans l’ordre. Vous pouvez fermer la page.",
    serveur: "Le serveur ne répond pas : nouvel essai dans un instant. Vous pouvez fermer la page.",
    affluence: "Trop d’envois arrivent en même temps : nouvel essai dans quelques minutes, rien n’est perdu.",
    session: "Votre session est fermée : vos notes restent sur cet appareil. Reconnectez-vous, elles partiront d’elles-mêmes.",
  };
  const TROP_PLEIN =
    "Cet appareil n’a plus de place : votre note n’est gardée que sur cet écran. Laissez la page ouverte et renvoyez-la " +
    "quand le réseau revient, ou copiez-la ailleurs.";

  /* ---------- La file : où va une note, ce qu’elle porte, ce que veut dire la réponse ---------- */
  /* Le jeton se lit au moment d’envoyer : celui d’une page gardée a vieilli. */
  function jeton() {
    const trouve = document.cookie.match(/(?:^|; )csrftoken=([^;]*)/);
    return trouve ? decodeURIComponent(trouve[1]) : "";
  }

  function lire(reponse, lu) {
    if (lu && lu.recu) {
      return { recu: true };
    }
    if (reponse.type === "opaqueredirect" || (reponse.status === 403 && !lu) || (lu && lu.autre_compte)) {
      return { panne: "session" };
    }
    if (reponse.status === 404) {
      return { etat: commune.CLOS, motif: "Cette visite ne vous est plus ouverte : copiez votre note, puis voyez avec qui pilote l’étude." };
    }
    if (lu && reponse.status === 400) {
      return { etat: commune.REFUSE, motif: Object.values(lu).flat().join(" "), champs: lu };
    }
    return lu && lu.motif && reponse.status < 500 ? { etat: commune.REFUSE, motif: lu.motif } : null;
  }

  const file =
    commune &&
    commune.creer({
      base: "treille-notes",
      magasin: "notes",
      destination: (note) => note.adresse,
      envoi: (note) => ({
        headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": jeton() },
        body: JSON.stringify({ ...note.champs, cle: note.cle, compte: note.compte }),
        credentials: "same-origin",
        redirect: "manual",
      }),
      lire: lire,
      /* Poste partagé : ce qu’un autre compte y a laissé ne se montre pas, et ne part pas sous ce nom. */
      mienne: (note) => note.compte === donnees.compte,
    });

  /* ---------- Les questions du temps et du thème, sous les yeux ---------- */
  function suivreLeTemps() {
    const choisi = champ("temps").selectedOptions[0];
    if (choisi && choisi.dataset.theme) {
      champ("theme").value = choisi.dataset.theme;
    }
    montrerLaTrame();
  }

  function montrerLaTrame() {
    const choisi = champ("temps").selectedOptions[0];
    const forme = choisi ? choisi.dataset.forme || "" : "";
    const theme = champ("theme").value;
    const duTheme = [...document.querySelectorAll("[data-trame]")].filter((trame) => trame.dataset.trame === theme);
    const justes = duTheme.filter((trame) => trame.dataset.forme === forme);
    const montrees = justes.length ? justes : duTheme;
    document.querySelectorAll("[data-trame]").forEach((trame) => montrer(trame, montrees.includes(trame)));
    montrer(ICI("sans-trame"), !montrees.length);
    ICI("sans-trame").textContent = theme ? "Aucune trame n’est écrite pour ce thème." : "Choisissez un thème : ses questions s’affichent ici.";
  }

  /* ---------- Ce qu’on tape survit à un onglet fermé ---------- */
  const BROUILLON = "treille:note:" + donnees.compte + ":" + donnees.visite;
  const CHAMPS = ["texte", "theme", "temps"];

  function garderLeBrouillon() {
    try {
      localStorage.setItem(BROUILLON, JSON.stringify(CHAMPS.map((nom) => champ(nom).value)));
    } catch {
      /* Sans place, le texte reste à l’écran. */
    }
  }

  function relireLeBrouillon() {
    try {
      const gardes = JSON.parse(localStorage.getItem(BROUILLON)) || [];
      CHAMPS.forEach(function (nom, rang) {
        const garde = gardes[rang];
        const connu = nom === "texte" || [...champ(nom).options].some((option) => option.value === garde);
        if (garde && connu) {
          champ(nom).value = garde;
        }
      });
    } catch {
      /* Rien à reprendre. */
    }
  }

  /* ---------- Ce qui attend sur l’appareil ---------- */
  const accorder = (nombre, un, plusieurs) => nombre + " " + (nombre > 1 ? plusieurs : un);

  /* Une région annoncée ne se redit que si elle change. */
  function ecrireSiNeuf(element, texte) {
    if (element.textContent !== texte) {
      element.textContent = texte;
    }
  }

  async function montrerLaFile() {
    const notes = await file.tous().catch(() => []);
    const attendent = notes.filter((note) => note.etat === commune.ATTEND);
    const aReprendre = notes.filter((note) => note.etat !== commune.ATTEND);
    montrer(ICI("file"), notes.length);
    montrer(ICI("file-attente"), attendent.length);
    ecrireSiNeuf(
      ICI("file-compte"),
      attendent.length ? accorder(attendent.length, "note attend sur cet appareil.", "notes attendent sur cet appareil.") : "",
    );
    ecrireSiNeuf(ICI("file-pourquoi"), attendent.length ? MOTS[file.panne()] || "" : "");
    montrer(ICI("file-session"), attendent.length && file.panne() === "session");
    if (!attendent.length) {
      montrer(ICI("file-fragile"), false);
    }
    ICI("file-notes").replaceChildren(...attendent.map((note) => ligne(note.champs.texte)));
    montrerLesReprises(aReprendre);
  }

  function ligne(texte) {
    const element = document.createElement("li");
    element.textContent = texte;
    return element;
  }

  function montrerLesReprises(notes) {
    const liste = ICI("file-reprises");
    const cles = notes.map((note) => note.id + note.etat).join();
    if (liste.dataset.cles !== cles) {
      liste.dataset.cles = cles;
      liste.replaceChildren(...notes.map(reprise));
    }
  }

  function reprise(note) {
    const element = ICI("modele-reprise").content.cloneNode(true);
    const trouver = (nom) => element.querySelector("[data-" + nom + "]");
    trouver("motif").textContent = note.motif;
    trouver("texte").textContent = note.champs.texte;
    montrer(trouver("reprendre"), note.etat === commune.REFUSE && note.adresse === donnees.envoyer);
    trouver("reprendre").addEventListener("click", () => reprendre(note));
    trouver("copier").addEventListener("click", (clic) => copier(note, clic.currentTarget));
    trouver("effacer").addEventListener("click", () => file.oublier(note.id).then(file.prevenir));
    return element;
  }

  async function reprendre(note) {
    CHAMPS.forEach((nom) => (champ(nom).value = note.champs[nom] || ""));
    garderLeBrouillon();
    montrerLaTrame();
    await file.oublier(note.id).catch(() => {});
    file.prevenir();
    direLaFaute(note.motif);
    champ("texte").focus();
  }

  async function copier(note, bouton) {
    try {
      await navigator.clipboard.writeText(note.champs.texte);
      bouton.textContent = "Copié";
    } catch {
      window.getSelection().selectAllChildren(bouton.closest("li").querySelector("[data-texte]"));
      bouton.textContent = "Sélectionné : copiez-le";
    }
  }

  /* ---------- Écrire, envoyer ---------- */
  function direLaFaute(phrase) {
    ICI("fautes").textContent = phrase;
    montrer(ICI("fautes"), phrase);
    if (phrase) {
      champ("texte").setAttribute("aria-invalid", "true");
    } else {
      champ("texte").removeAttribute("aria-invalid");
    }
  }

  async function envoyer(envoi) {
    envoi.preventDefault();
    const texte = champ("texte").value.trim();
    if (!texte) {
      direLaFaute("Écrivez votre note : elle est vide.");
      champ("texte").focus();
      return;
    }
    const note = {
      cle: commune.tirerCle(),
      compte: donnees.compte,
      adresse: donnees.envoyer,
      champs: { texte: texte, theme: champ("theme").value, temps: champ("temps").value },
    };
    /* La case se vide aussitôt : ce qu’on y tape pendant que l’appareil écrit est déjà la note suivante. Le brouillon,
       lui, attend que celle-ci soit gardée. */
    direLaFaute("");
    champ("texte").value = "";
    champ("texte").focus();
    try {
      await file.garder(note);
    } catch {
      const issue = await file.poster(note);
      if (!issue.recu) {
        champ("texte").value = [texte, champ("texte").value].filter(Boolean).join("\n\n");
        return direLaFaute(issue.motif || TROP_PLEIN);
      }
      return finir("Note reçue.");
    }
    finir("Note gardée sur cet appareil.");
    file.prevenir();
    commune.demanderDeGarder().then((promis) => !promis && montrer(ICI("file-fragile"), true));
    await file.envoyer();
    const bilan = file.bilan(note.cle);
    if (bilan && bilan.recu) {
      ecrireSiNeuf(ICI("dit"), "Note reçue.");
    } else if (bilan) {
      ecrireSiNeuf(ICI("dit"), "");
      /* Refusée sous les yeux de qui l’a écrite : elle revient dans la case, sauf si la suivante y est déjà commencée. */
      if (bilan.etat === commune.REFUSE && !champ("texte").value) {
        reprendre(Object.assign(note, { motif: bilan.motif }));
      }
    }
  }

  function finir(phrase) {
    garderLeBrouillon();
    ecrireSiNeuf(ICI("dit"), phrase);
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
      if (!(await pages.match(location.pathname))) {
        await pages.add(location.pathname);
      }
      document.documentElement.dataset.horsLigne = "pret";
    } catch {
      /* Sans service d’arrière-plan, la page demande le réseau pour s’ouvrir ; la file, elle, tient. */
    }
  }

  relireLeBrouillon();
  montrerLaTrame();
  champ("temps").addEventListener("change", suivreLeTemps);
  champ("theme").addEventListener("change", montrerLaTrame);
  if (!commune || !commune.possible()) {
    return;
  }
  formulaire.noValidate = true;
  formulaire.addEventListener("input", garderLeBrouillon);
  formulaire.addEventListener("submit", envoyer);
  file.ecouter(montrerLaFile);
  ICI("file-envoyer").addEventListener("click", file.envoyer);
  window.addEventListener("online", file.envoyer);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && file.envoyer());
  window.treilleNotes = file;
  montrerLaFile();
  file.envoyer();
  preparerHorsLigne();
})();
