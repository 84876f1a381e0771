/* Treille — le service d’arrière-plan des retours : la page d’un lien s’ouvre sans réseau. Servi à la racine par une vue,
   qui lui donne avant cette ligne RESERVE : version, fichiers, racine. Il ne touche à aucune autre page. */
const PREFIXE = "treille-retours-";
const FICHIERS = PREFIXE + RESERVE.version;
const PAGES = PREFIXE + "pages";
const PATIENCE = 4000;

const chemin = (url) => new URL(url, self.location.origin).pathname;

function estUnePage(url) {
  const reste = chemin(url).slice(RESERVE.racine.length);
  return chemin(url).startsWith(RESERVE.racine) && /^([^/]+\/)?$/.test(reste) && reste !== "suivi/";
}

self.addEventListener("install", (evenement) => {
  const remplir = async () => {
    await (await caches.open(FICHIERS)).addAll(RESERVE.fichiers);
    await (await caches.open(PAGES)).add(RESERVE.racine);
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

/* Un lien clos ne s’ouvre plus sans réseau non plus. */
async function ranger(pages, ou, reponse) {
  if (reponse.ok && !reponse.redirected) {
    await pages.put(ou, reponse.clone());
  } else if ([404, 410].includes(reponse.status)) {
    await pages.delete(ou);
  }
}

/* Le réseau d’abord ; ce qu’on avait gardé s’il manque, s’il traîne, ou si le serveur est en panne. */
async function servirLaPage(evenement) {
  const pages = await caches.open(PAGES);
  const ou = chemin(evenement.request.url);
  const gardee = await pages.match(ou);
  const repli = gardee || (await pages.match(RESERVE.racine));
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
  } else if (!chemin(demande.url).startsWith(RESERVE.racine)) {
    evenement.respondWith(servirUnFichier(demande));
  }
});
