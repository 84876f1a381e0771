/* Treille — la file des retours : ce qu’on a écrit y entre aussitôt, attend sur l’appareil si le réseau manque, n’en sort
   qu’accusé. Elle part dans l’ordre, une fois chacun. La page (retour.js) la nourrit et montre ce qu’elle en dit.
   Aucune date n’y est gardée : une horloge fausse n’y change rien. */
"use strict";

(function () {
  const BASE = "treille-retours";
  const MAGASIN = "retours";
  const LIENS = "treille:liens";
  const ESSAIS = [5, 15, 30, 60, 120, 300]; /* secondes entre deux essais */
  const ATTENTE_MAXIMALE = 900;
  const PATIENCE = 60000;
  const SIGNES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* comme usages/calculs/codes_de_suivi.py */
  const [ATTEND, REFUSE, CLOS] = ["attend", "refuse", "clos"];

  const racine = () => document.body.dataset.racine;
  const adresse = (jeton) => racine() + encodeURIComponent(jeton) + "/";

  /* ---------- Ce que l’appareil tire lui-même ---------- */
  function tirerCle() {
    return crypto.randomUUID();
  }

  function tirerCode() {
    const hasard = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(hasard, (octet) => SIGNES[octet % SIGNES.length]).join("");
  }

  async function brouiller(code) {
    const sceau = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
    return Array.from(new Uint8Array(sceau), (octet) => octet.toString(16).padStart(2, "0")).join("");
  }

  const enBlocs = (code) => code.match(/.{4}/g).join("-");

  /* ---------- La base de l’appareil ---------- */
  let base = null;

  function ouvrir() {
    base =
      base ||
      new Promise(function (rendre, rejeter) {
        const demande = indexedDB.open(BASE, 1);
        demande.onupgradeneeded = () => demande.result.createObjectStore(MAGASIN, { keyPath: "id", autoIncrement: true });
        demande.onsuccess = () => rendre(demande.result);
        demande.onerror = () => rejeter(demande.error);
        demande.onblocked = () => rejeter(new Error("base occupée"));
      });
    base.catch(() => (base = null));
    return base;
  }

  async function faire(mode, geste) {
    const ouverte = await ouvrir();
    return new Promise(function (rendre, rejeter) {
      const transaction = ouverte.transaction(MAGASIN, mode);
      const demande = geste(transaction.objectStore(MAGASIN));
      /* À la fin de la transaction, et non de la demande : avant, rien n’est encore écrit. */
      transaction.oncomplete = () => rendre(demande.result);
      transaction.onabort = () => rejeter(transaction.error || demande.error);
      transaction.onerror = () => rejeter(transaction.error || demande.error);
    });
  }

  const tous = () => faire("readonly", (magasin) => magasin.getAll());
  const ecrire = (retour) => faire("readwrite", (magasin) => magasin.put(retour));
  const oublier = (id) => faire("readwrite", (magasin) => magasin.delete(id));

  /* Rend vrai si la photo a dû être laissée, faute de place ; lève si même le texte ne tient pas. */
  async function garder(retour) {
    retour.etat = ATTEND;
    try {
      retour.id = await ecrire(retour);
      return false;
    } catch (faute) {
      if (!retour.photo) {
        throw faute;
      }
      retour.photo = null;
      retour.id = await ecrire(retour);
      return true;
    }
  }

  async function demanderDeGarder() {
    try {
      return (await navigator.storage.persisted()) || (await navigator.storage.persist());
    } catch {
      return false;
    }
  }

  /* ---------- Prévenir la page, et les autres onglets ---------- */
  const ecoutes = [];
  const canal = "BroadcastChannel" in window ? new BroadcastChannel(BASE) : null;
  const bilans = new Map(); /* clé d’envoi → ce que le serveur en a dit, pour cet onglet */
  let panne = "";

  function dire() {
    ecoutes.forEach((ecoute) => ecoute());
  }

  function prevenir() {
    dire();
    if (canal) {
      canal.postMessage("change");
    }
  }

  if (canal) {
    canal.onmessage = dire;
  }

  /* ---------- Envoyer ---------- */
  let rang = 0;
  let minuterie = 0;
  let occupe = null;
  let encore = false;

  function planifier(secondes) {
    window.clearTimeout(minuterie);
    minuterie = window.setTimeout(envoyer, Math.min(secondes, ATTENTE_MAXIMALE) * 1000);
  }

  /* Un seul onglet envoie à la fois ; sans verrou, la clé d’envoi suffit au serveur pour n’en garder qu’un. */
  function envoyer() {
    window.clearTimeout(minuterie);
    encore = Boolean(occupe);
    occupe = occupe || tourner();
    return occupe;
  }

  /* Ce qui est entré pendant qu’un tour finissait a droit au sien. */
  async function tourner() {
    do {
      encore = false;
      await (navigator.locks ? navigator.locks.request(BASE, vider) : vider()).catch(() => {});
    } while (encore);
    occupe = null;
  }

  async function vider() {
    let suivant = await premier();
    while (suivant && (await partir(suivant))) {
      prevenir();
      suivant = await premier();
    }
    if (!suivant) {
      panne = "";
    }
    prevenir();
  }

  async function premier() {
    return (await tous()).find((retour) => retour.etat === ATTEND);
  }

  async function partir(retour) {
    const issue = await poster(retour);
    if (issue.panne) {
      panne = issue.panne;
      const secondes = issue.secondes || ESSAIS[Math.min(rang, ESSAIS.length - 1)];
      rang += 1;
      if (navigator.onLine) {
        planifier(secondes);
      }
      return false;
    }
    panne = "";
    rang = 0;
    bilans.set(retour.cle, issue);
    if (issue.recu) {
      await oublier(retour.id);
    } else if (issue.sansPhoto) {
      await ecrire(Object.assign(retour, { photo: null }));
    } else {
      await ecrire(Object.assign(retour, { etat: issue.etat, motif: issue.motif }));
    }
    return true;
  }

  /* La photo en dernier : arrêtée en route, elle n’emporte pas le reste. Aucun témoin ne part : rien ne dit qui. */
  function corpsDe(retour) {
    const corps = new FormData();
    Object.entries(retour.champs).forEach(([nom, valeur]) => corps.append(nom, valeur));
    corps.append("cle", retour.cle);
    corps.append("suivi", retour.suivi);
    if (retour.photo) {
      corps.append("photo", retour.photo, "photo.jpg");
    }
    return corps;
  }

  async function poster(retour) {
    let reponse, lu;
    try {
      reponse = await fetch(adresse(retour.jeton), {
        method: "POST",
        headers: { Accept: "application/json" },
        body: corpsDe(retour),
        credentials: "omit",
        redirect: "error",
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const enJson = (reponse.headers.get("Content-Type") || "").includes("application/json");
      lu = enJson ? await reponse.json() : null;
    } catch {
      return { panne: "reseau" };
    }
    if (lu && lu.recu) {
      return { recu: true, photo: retour.photoLaissee || lu.photo };
    }
    if (reponse.status === 413 && retour.photo) {
      retour.photoLaissee = "La photo n’y est pas : le serveur l’a trouvée trop lourde. Votre texte est bien arrivé.";
      return { sansPhoto: true };
    }
    if (lu && (reponse.status === 410 || reponse.status === 404)) {
      oublierLien(retour.jeton);
      return { etat: CLOS, motif: lu.motif };
    }
    if (lu && reponse.status === 400) {
      return { etat: REFUSE, motif: Object.values(lu).flat().join(" "), champs: lu };
    }
    const secondes = Number.parseInt(reponse.headers.get("Retry-After"), 10);
    return { panne: reponse.status === 429 ? "affluence" : "serveur", secondes: secondes > 0 ? secondes : 0 };
  }

  /* ---------- Les liens que cet appareil connaît, le dernier ouvert d’abord ---------- */
  function liens() {
    try {
      return JSON.parse(localStorage.getItem(LIENS)) || [];
    } catch {
      return [];
    }
  }

  function ecrireLiens(connus) {
    try {
      localStorage.setItem(LIENS, JSON.stringify(connus.slice(0, 12)));
    } catch {
      /* Sans place, le lien se rouvre depuis l’affiche. */
    }
  }

  function retenirLien(jeton, nom) {
    ecrireLiens([{ jeton: jeton, nom: nom }].concat(liens().filter((lien) => lien.jeton !== jeton)));
  }

  function oublierLien(jeton) {
    ecrireLiens(liens().filter((lien) => lien.jeton !== jeton));
  }

  window.treilleRetours = {
    ATTEND: ATTEND,
    REFUSE: REFUSE,
    CLOS: CLOS,
    adresse: adresse,
    tirerCle: tirerCle,
    tirerCode: tirerCode,
    brouiller: brouiller,
    enBlocs: enBlocs,
    tous: tous,
    garder: garder,
    ecrire: ecrire,
    oublier: oublier,
    poster: poster,
    envoyer: envoyer,
    prevenir: prevenir,
    demanderDeGarder: demanderDeGarder,
    ecouter: (ecoute) => ecoutes.push(ecoute),
    bilan: (cle) => bilans.get(cle),
    panne: () => panne,
    liens: liens,
    retenirLien: retenirLien,
    oublierLien: oublierLien,
    possible: () => Boolean(window.isSecureContext && window.indexedDB && window.fetch && crypto.randomUUID),
  };
})();
