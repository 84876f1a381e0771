/* Treille — une file d’envoi sur l’appareil : ce qu’on y met est gardé aussitôt, attend si le réseau manque, n’en sort
   qu’accusé. Tout part dans l’ordre, une fois chacun, d’un seul onglet à la fois. Elle ne sait ni ce qu’elle porte ni où :
   la page qui s’en sert le lui dit. Aucune date n’y est gardée : une horloge fausse n’y change rien. */
"use strict";

(function () {
  const ESSAIS = [5, 15, 30, 60, 120, 300]; /* secondes entre deux essais */
  const ATTENTE_MAXIMALE = 900;
  const PATIENCE = 60000;
  const [ATTEND, REFUSE, CLOS] = ["attend", "refuse", "clos"];

  /* `reglages` : base et magasin (leurs noms sur l’appareil) ; destination(entree) → adresse ; envoi(entree) → ce que
     `fetch` reçoit de plus ; lire(reponse, lu, entree) → { recu } ou { etat, motif, champs } ou { allegee } ou { panne },
     rien si la réponse ne dit rien de connu ; pieces : les fichiers qu’on laisse s’il n’y a plus de place ;
     mienne(entree) : vrai si cette page l’envoie et la montre (toutes, sinon). Une entrée porte `cle`, tirée ici. */
  function creer(reglages) {
    const pieces = reglages.pieces || [];
    const mienne = reglages.mienne || (() => true);

    /* ---------- La base de l’appareil ---------- */
    let base = null;

    function ouvrir() {
      base =
        base ||
        new Promise(function (rendre, rejeter) {
          const demande = indexedDB.open(reglages.base, 1);
          demande.onupgradeneeded = () =>
            demande.result.createObjectStore(reglages.magasin, { keyPath: "id", autoIncrement: true });
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
        const transaction = ouverte.transaction(reglages.magasin, mode);
        const demande = geste(transaction.objectStore(reglages.magasin));
        /* À la fin de la transaction, et non de la demande : avant, rien n’est encore écrit. */
        transaction.oncomplete = () => rendre(demande.result);
        transaction.onabort = () => rejeter(transaction.error || demande.error);
        transaction.onerror = () => rejeter(transaction.error || demande.error);
      });
    }

    const tous = async () => (await faire("readonly", (magasin) => magasin.getAll())).filter(mienne);
    const ecrire = (entree) => faire("readwrite", (magasin) => magasin.put(entree));
    const oublier = (id) => faire("readwrite", (magasin) => magasin.delete(id));

    const porteUnePiece = (entree) => pieces.some((nom) => entree[nom]);
    const alleger = (entree) => pieces.forEach((nom) => (entree[nom] = null));

    /* Rend vrai si une pièce a dû être laissée, faute de place ; lève si même le texte ne tient pas. */
    async function garder(entree) {
      entree.etat = ATTEND;
      try {
        entree.id = await ecrire(entree);
        return false;
      } catch (faute) {
        if (!porteUnePiece(entree)) {
          throw faute;
        }
        alleger(entree);
        entree.id = await ecrire(entree);
        return true;
      }
    }

    /* ---------- Prévenir la page, et les autres onglets ---------- */
    const ecoutes = [];
    const canal = "BroadcastChannel" in window ? new BroadcastChannel(reglages.base) : null;
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
        await (navigator.locks ? navigator.locks.request(reglages.base, vider) : vider()).catch(() => {});
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
      return (await tous()).find((entree) => entree.etat === ATTEND);
    }

    async function partir(entree) {
      const issue = await poster(entree);
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
      bilans.set(entree.cle, issue);
      if (issue.recu) {
        await oublier(entree.id);
      } else if (issue.allegee) {
        alleger(entree);
        await ecrire(entree);
      } else {
        await ecrire(Object.assign(entree, { etat: issue.etat, motif: issue.motif }));
      }
      return true;
    }

    async function poster(entree) {
      let reponse, lu;
      try {
        reponse = await fetch(reglages.destination(entree), {
          method: "POST",
          cache: "no-store",
          signal: AbortSignal.timeout(PATIENCE),
          ...reglages.envoi(entree),
        });
        const enJson = (reponse.headers.get("Content-Type") || "").includes("application/json");
        lu = enJson ? await reponse.json() : null;
      } catch {
        return { panne: "reseau" };
      }
      const secondes = Number.parseInt(reponse.headers.get("Retry-After"), 10);
      const autre = { panne: reponse.status === 429 ? "affluence" : "serveur", secondes: secondes > 0 ? secondes : 0 };
      return reglages.lire(reponse, lu, entree) || autre;
    }

    return {
      tous: tous,
      garder: garder,
      ecrire: ecrire,
      oublier: oublier,
      poster: poster,
      envoyer: envoyer,
      prevenir: prevenir,
      ecouter: (ecoute) => ecoutes.push(ecoute),
      bilan: (cle) => bilans.get(cle),
      panne: () => panne,
    };
  }

  async function demanderDeGarder() {
    try {
      return (await navigator.storage.persisted()) || (await navigator.storage.persist());
    } catch {
      return false;
    }
  }

  window.treilleFile = {
    ATTEND: ATTEND,
    REFUSE: REFUSE,
    CLOS: CLOS,
    creer: creer,
    tirerCle: () => crypto.randomUUID(),
    demanderDeGarder: demanderDeGarder,
    possible: () => Boolean(window.isSecureContext && window.indexedDB && window.fetch && crypto.randomUUID),
  };
})();
