/* Treille — la file d'attente d'une grille : une réponse donnée y entre aussitôt, attend sur l'appareil si le réseau
   manque, n'en sort qu'accusée. La page (grille.js) la nourrit, et montre ce qu'elle en dit. */
"use strict";

(function () {
  const PREFIXE = "treille:grille:";
  const ESSAIS = [2, 4, 8, 15, 30]; /* secondes entre deux essais */
  const PATIENCE = 20000;
  const UN_JOUR = 24 * 3600 * 1000;
  const [A_ENVOYER, REFUSEE, CROISEE] = ["a-envoyer", "refusee", "croisee"];
  const MOT_EFFACE =
    "cette note attend ici depuis plus d’un jour ; son commentaire a été effacé de cet appareil, qu’un autre compte a " +
    "utilisé. Relisez, puis enregistrez.";

  const signer = (envoi) => envoi.valeur + "\n" + envoi.mot;

  /* ---------- Ce que garde l'appareil : une clé par grille, compte et question ---------- */
  function Reserve(grille, compte) {
    const prefixe = PREFIXE + grille + ":" + compte + ":";
    return {
      durable: true,
      lire: function () {
        try {
          return Object.keys(localStorage)
            .filter((cle) => cle.startsWith(prefixe))
            .map((cle) => JSON.parse(localStorage.getItem(cle)))
            .sort((a, b) => a.le - b.le);
        } catch {
          this.durable = false;
          return [];
        }
      },
      garder: function (envoi) {
        try {
          localStorage.setItem(prefixe + envoi.code, JSON.stringify(envoi));
        } catch {
          this.durable = false;
        }
      },
      /* Un autre onglet a pu y laisser la sienne : on n'oublie que ce qu'on a mis. */
      oublier: function (envoi) {
        try {
          const garde = JSON.parse(localStorage.getItem(prefixe + envoi.code));
          if (garde && garde.cle === envoi.cle) {
            localStorage.removeItem(prefixe + envoi.code);
          }
        } catch {
          this.durable = false;
        }
      },
    };
  }

  /* Poste partagé : ce qu'un autre compte y a laissé ne se lit ni ne se montre. Sa note l'attend ; ce qu'il a écrit de
     sa main s'efface au bout d'un jour, et lui seul l'apprendra. */
  function effacerLesMotsDesAutres(compte) {
    try {
      Object.keys(localStorage)
        .filter((cle) => cle.startsWith(PREFIXE) && cle.split(":")[3] !== compte)
        .forEach((cle) => {
          const envoi = JSON.parse(localStorage.getItem(cle));
          if (Date.now() - envoi.le > UN_JOUR) {
            envoi.motEfface = Boolean(envoi.mot || envoi.motEfface);
            envoi.mot = "";
            envoi.essayees = envoi.essayees.filter((essayee) => essayee.endsWith("\n"));
            delete envoi.actuelle;
            localStorage.setItem(cle, JSON.stringify(envoi));
          }
        });
    } catch {
      /* Une réserve illisible ne montre rien non plus. */
    }
  }

  /* `page` : montrer(envoi), accuser(envoi, corps, derniere), refuser(envoi, corps), resumer(), jeton(neuf). */
  function Attente(cadre, page) {
    const reserve = Reserve(cadre.dataset.grille, cadre.dataset.compte);
    const file = new Map();
    let panne = navigator.onLine ? "" : "reseau";
    let occupe = false;
    let rang = 0;
    let minuterie = 0;

    const enAttente = () => [...file.values()].filter((envoi) => envoi.etat === A_ENVOYER);

    /* Ce que ce compte y avait laissé, du plus ancien au plus récent. */
    function reprendre() {
      reserve.lire().forEach((envoi) => {
        Object.assign(envoi, envoi.motEfface ? { etat: REFUSEE, motif: MOT_EFFACE } : { etat: A_ENVOYER });
        file.set(envoi.code, envoi);
      });
      return [...file.values()];
    }

    function donner(code, saisie, vu, delai) {
      const avant = file.get(code);
      const envoi = Object.assign(saisie, {
        code: code,
        cle: String(Math.random()),
        le: Date.now(),
        vu: avant ? avant.vu : vu,
        essayees: avant ? avant.essayees : [],
        etat: A_ENVOYER,
      });
      file.set(code, envoi);
      reserve.garder(envoi);
      page.montrer(envoi);
      page.resumer();
      if (!panne) {
        planifier(delai);
      }
    }

    function planifier(delai) {
      window.clearTimeout(minuterie);
      minuterie = window.setTimeout(envoyer, delai);
    }

    async function envoyer() {
      if (occupe) {
        return;
      }
      occupe = true;
      window.clearTimeout(minuterie);
      try {
        let envoi = enAttente()[0];
        while (envoi && (await partir(envoi))) {
          envoi = enAttente()[0];
        }
      } finally {
        occupe = false;
      }
      page.resumer();
    }

    async function vider() {
      while (occupe) {
        await new Promise((suite) => window.setTimeout(suite, 50));
      }
      await envoyer();
    }

    async function partir(envoi, jetonNeuf) {
      if (!envoi.essayees.includes(signer(envoi))) {
        envoi.essayees.push(signer(envoi));
        reserve.garder(envoi);
      }
      const champs = { valeur: envoi.valeur, mot: envoi.mot, vu: envoi.vu };
      let reponse, corps;
      try {
        reponse = await fetch(cadre.dataset.adresse.replace("CODE", encodeURIComponent(envoi.code)), {
          method: "POST",
          headers: { "X-CSRFToken": page.jeton(), Accept: "application/json" },
          body: new URLSearchParams(champs),
          redirect: "manual",
          keepalive: true,
          signal: AbortSignal.timeout(PATIENCE),
        });
        const enJson = (reponse.headers.get("Content-Type") || "").includes("application/json");
        corps = enJson ? await reponse.json() : null;
      } catch {
        return perdre("reseau");
      }
      if (reponse.type === "opaqueredirect") {
        return perdre("session");
      }
      if (reponse.status === 403 && !corps) {
        return jetonNeuf ? perdre("session") : (await renouveler()) && partir(envoi, true);
      }
      if (reponse.status === 404) {
        corps = { motif: "cette grille ne vous est plus ouverte. Notez votre réponse, puis demandez à qui vous l’a confiée." };
      }
      if (!corps || reponse.status >= 500) {
        return perdre("serveur");
      }
      panne = "";
      rang = 0;
      if (reponse.ok) {
        accuser(envoi, corps);
      } else if (corps.actuelle) {
        croiser(envoi, corps);
      } else {
        refuser(envoi, corps);
      }
      return true;
    }

    /* Après une reconnexion, le jeton de la page a vieilli : on en reprend un, si c'est bien le même compte. */
    async function renouveler() {
      try {
        const reponse = await fetch(location.href, { redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
        const lue = new DOMParser().parseFromString(reponse.ok ? await reponse.text() : "", "text/html");
        const champ = lue.querySelector("#grille [name=csrfmiddlewaretoken]");
        const meme = lue.querySelector("[data-compte='" + cadre.dataset.compte + "']");
        if (champ && meme && champ.value !== page.jeton()) {
          page.jeton(champ.value);
          return true;
        }
      } catch {
        return perdre("reseau");
      }
      return perdre("session");
    }

    function perdre(raison) {
      panne = raison;
      const secondes = ESSAIS[Math.min(rang, ESSAIS.length - 1)];
      rang += 1;
      if (navigator.onLine) {
        planifier(secondes * 1000);
      }
      page.resumer();
      return false;
    }

    function sortir(envoi) {
      file.delete(envoi.code);
      reserve.oublier(envoi);
    }

    function accuser(envoi, corps) {
      const courant = file.get(envoi.code);
      if (courant === envoi) {
        sortir(envoi);
      } else if (courant) {
        Object.assign(courant, { vu: corps.version, essayees: [] });
        reserve.garder(courant);
      }
      page.accuser(envoi, corps, courant === envoi);
    }

    /* Ce qu'on croise est parfois son propre envoi, dont l'accusé s'est perdu : alors rien ne s'oppose. */
    function croiser(envoi, corps) {
      const courant = file.get(envoi.code) || envoi;
      courant.vu = envoi.vu;
      if (corps.actuelle.de_moi && courant.essayees.includes(signer(corps.actuelle))) {
        courant.vu = corps.actuelle.version;
        courant.essayees = [];
      } else {
        Object.assign(courant, { etat: CROISEE, motif: corps.motif, actuelle: corps.actuelle });
        page.montrer(courant);
      }
      reserve.garder(courant);
    }

    function refuser(envoi, corps) {
      if (file.get(envoi.code) !== envoi) {
        return;
      }
      Object.assign(envoi, { etat: REFUSEE, motif: corps.motif });
      reserve.garder(envoi);
      page.montrer(envoi);
      if (corps.champs && corps.champs.code) {
        sortir(envoi);
        page.refuser(envoi, corps);
      }
    }

    /* La sienne, contre celle qu'on a croisée. */
    function maintenir(envoi) {
      Object.assign(envoi, { etat: A_ENVOYER, vu: envoi.actuelle.version, essayees: [] });
      reserve.garder(envoi);
      page.montrer(envoi);
    }

    function revenir() {
      panne = enAttente().length ? panne : "";
      rang = 0;
      page.resumer();
      envoyer();
    }

    return {
      file: file,
      enAttente: enAttente,
      panne: () => panne,
      durable: () => reserve.durable,
      reprendre: reprendre,
      donner: donner,
      planifier: planifier,
      envoyer: envoyer,
      vider: vider,
      perdre: perdre,
      sortir: sortir,
      maintenir: maintenir,
      revenir: revenir,
    };
  }

  window.treilleGrille = {
    A_ENVOYER: A_ENVOYER,
    REFUSEE: REFUSEE,
    Reserve: Reserve,
    Attente: Attente,
    effacerLesMotsDesAutres: effacerLesMotsDesAutres,
  };
})();
