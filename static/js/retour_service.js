/* Treille — le service d’arrière-plan des pages de terrain : celle d’un lien de retour, celle des notes d’une visite
   s’ouvrent sans réseau. Servi à la racine par une vue, qui lui donne avant cette ligne RESERVE : version, et pour chaque
   famille fichiers et racine. Inscrit une fois par famille, il ne touche qu’aux pages de la sienne. */
const FAMILLE = chemin(self.registration.scope) === RESERVE.notes.racine ? "notes" : "retours";
const { fichiers: A_GARDER, racine: RACINE } = RESERVE[FAMILLE];
const PREFIXE = "treille-" + FAMILLE + "-";
const FICHIERS = PREFIXE + RESERVE.version;
const PAGES = PREFIXE + "pages";
const PATIENCE = 4000;

function chemin(url) {
  return new URL(url, self.location.origin).pathname;
}

/* Des notes, la seule page où l’on écrit : celle où l’on relit (« ?relire ») porte ce que l’équipe a noté, et ne se garde
   pas sur un appareil. */
function estUnePage(url) {
  const reste = chemin(url).slice(RACINE.length);
  if (!chemin(url).startsWith(RACINE)) {
    return false;
  }
  if (FAMILLE === "notes") {
    return /^\d+\/notes\/$/.test(reste) && !new URL(url, self.location.origin).search;
  }
  return /^([^/]+\/)?$/.test(reste) && reste !== "suivi/";
}

self.addEventListener("install", (evenement) => {
  const remplir = async () => {
    await (await caches.open(FICHIERS)).addAll(A_GARDER);
    if (FAMILLE === "retours") {
      await (await caches.open(PAGES)).add(RACINE);
    }
    await self.skipWaiting();
  };
  evenement.waitUntil(remplir());
});

/* Une page gardée nomme ses fichiers : les anciens ne s’effacent qu’une fois les pages relues. */
self.addEventListener("activate", (evenement) => {
  const relayer = async () => {
    const pages = await caches.open(PAGES);
    const relues = await Promise.all((await pages.keys()).map((demande) => relire(pages, chemin(demande.url))));
    if (relues.every(Boolean)) {
      const vieilles = (await caches.keys()).filter((nom) => nom.startsWith(PREFIXE) && ![FICHIERS, PAGES].includes(nom));
      await Promise.all(vieilles.map((nom) => caches.delete(nom)));
    }
    await self.clients.claim();
  };
  evenement.waitUntil(relayer());
});

async function relire(pages, ou) {
  try {
    const reponse = await fetch(ou);
    await ranger(pages, ou, reponse);
    return reponse.status < 500;
  } catch {
    return false;
  }
}

/* Un lien clos, une visite qu’on ne voit plus ne s’ouvrent plus sans réseau non plus. */
async function ranger(pages, ou, reponse) {
  if (reponse.ok && !reponse.redirected) {
    await pages.put(ou, reponse.clone());
  } else if ([403, 404, 410].includes(reponse.status)) {
    await pages.delete(ou);
  }
}

/* Le réseau d’abord ; ce qu’on avait gardé s’il manque, s’il traîne, ou si le serveur est en panne. */
async function servirLaPage(evenement) {
  const pages = await caches.open(PAGES);
  const ou = chemin(evenement.request.url);
  const gardee = await pages.match(ou);
  const repli = gardee || (await pages.match(RACINE)) || Response.error();
  const reseau = fetch(evenement.request).then(async (reponse) => {
    await ranger(pages, ou, reponse);
    return reponse.status >= 500 && gardee ? gardee.clone() : reponse;
  });
  evenement.waitUntil(reseau.catch(() => {}));
  const sans = reseau.catch(() => repli.clone());
  if (!gardee) {
    return sans;
  }
  return Promise.race([sans, new Promise((rendre) => setTimeout(() => rendre(gardee.clone()), PATIENCE))]);
}

async function servirUnFichier(demande) {
  const garde = (await (await caches.open(FICHIERS)).match(demande)) || (await caches.match(demande));
  return garde || fetch(demande);
}

self.addEventListener("fetch", (evenement) => {
  const demande = evenement.request;
  if (demande.method !== "GET" || new URL(demande.url).origin !== self.location.origin) {
    return;
  }
  if (demande.mode === "navigate") {
    if (estUnePage(demande.url)) {
      evenement.respondWith(servirLaPage(evenement));
    }
  } else if (!chemin(demande.url).startsWith(RACINE)) {
    evenement.respondWith(servirUnFichier(demande));
  }
});
