/* Treille — la file des retours (file.js) : où va un retour, ce qu’il porte, ce que veut dire la réponse ; et les liens que
   cet appareil connaît. La page (retour.js) la nourrit et montre ce qu’elle en dit. */
"use strict";

(function () {
  const commune = window.treilleFile;
  const LIENS = "treille:liens";
  const SIGNES = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"; /* comme usages/calculs/codes_de_suivi.py */

  const racine = () => document.body.dataset.racine;
  const adresse = (jeton) => racine() + encodeURIComponent(jeton) + "/";

  /* ---------- Ce que l’appareil tire lui-même ---------- */
  function tirerCode() {
    const hasard = crypto.getRandomValues(new Uint8Array(12));
    return Array.from(hasard, (octet) => SIGNES[octet % SIGNES.length]).join("");
  }

  async function brouiller(code) {
    const sceau = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
    return Array.from(new Uint8Array(sceau), (octet) => octet.toString(16).padStart(2, "0")).join("");
  }

  const enBlocs = (code) => code.match(/.{4}/g).join("-");

  /* ---------- Envoyer ---------- */
  /* La photo en dernier : arrêtée en route, elle n’emporte pas le reste. */
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

  function lire(reponse, lu, retour) {
    if (lu && lu.recu) {
      return { recu: true, photo: retour.photoLaissee || lu.photo };
    }
    if (reponse.status === 413 && retour.photo) {
      retour.photoLaissee = "La photo n’y est pas : le serveur l’a trouvée trop lourde. Votre texte est bien arrivé.";
      return { allegee: true };
    }
    if (lu && (reponse.status === 410 || reponse.status === 404)) {
      oublierLien(retour.jeton);
      return { etat: commune.CLOS, motif: lu.motif };
    }
    if (lu && reponse.status === 400) {
      return { etat: commune.REFUSE, motif: Object.values(lu).flat().join(" "), champs: lu };
    }
    return null;
  }

  const file = commune.creer({
    base: "treille-retours",
    magasin: "retours",
    pieces: ["photo"],
    destination: (retour) => adresse(retour.jeton),
    /* Aucun témoin ne part : rien ne dit qui. */
    envoi: (retour) => ({
      headers: { Accept: "application/json" },
      body: corpsDe(retour),
      credentials: "omit",
      redirect: "error",
    }),
    lire: lire,
  });

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
    ...file,
    ATTEND: commune.ATTEND,
    REFUSE: commune.REFUSE,
    CLOS: commune.CLOS,
    adresse: adresse,
    tirerCle: commune.tirerCle,
    tirerCode: tirerCode,
    brouiller: brouiller,
    enBlocs: enBlocs,
    demanderDeGarder: commune.demanderDeGarder,
    liens: liens,
    retenirLien: retenirLien,
    oublierLien: oublierLien,
    possible: commune.possible,
  };
})();
