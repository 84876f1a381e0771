"""Les instances de la grappe multi-OG et qui y siège, au nom de qui. Un OG n'y a personne : cela se voit. Inventé."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from gouvernance.demonstration.gestes import Gouvernance
from gouvernance.enums import Cadence, Represente, TypeInstance
from gouvernance.models import Instance, Mandat
from programme.demonstration.ain_rhone.communs import ABSORBANT
from programme.demonstration.ain_rhone.grappe import ASSOCIATION, CROIX_ROUGE, ENFANCE, RESIDENCE, SURDITE
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures
from programme.models import Esms, OrganismeGestionnaire

COSTRAT, COMOP, UTILISATEURS = "COSTRAT", "COMOP", "Comité utilisateurs"
INSTANCES: dict[str, dict[str, Any]] = {
    COSTRAT: {
        "type": TypeInstance.COSTRAT,
        "cadence": Cadence.TRIMESTRIELLE,
        "objet": "Arbitre ce que le COMOP ne peut pas trancher : calendrier, moyens, levées.",
    },
    COMOP: {
        "type": TypeInstance.COMOP,
        "cadence": Cadence.MENSUELLE,
        "objet": "Suit les ESMS un par un et règle ce qui les attend.",
        "effectif_max": 12,
    },
    UTILISATEURS: {
        "type": TypeInstance.UTILISATEURS,
        "cadence": Cadence.BIMESTRIELLE,
        "objet": "Dit ce qui se passe vraiment, et porte ses points au COMOP.",
        "quorum": 0,
    },
}


@dataclass(frozen=True)
class Siege:
    """Un siège. `og` : le FINESS d'un organisme ; `comme` : un ESMS dont on prend la catégorie."""

    comite: str
    qui: str = ""
    represente: Represente = Represente.CONDUITE
    fonction: str = ""
    suppleant: str = ""
    og: str = ""
    comme: str = ""
    zone: str = ""
    anime: bool = False
    a_voix: bool = True
    du: date | None = None
    au: date | None = None


def _sieges(c: Calendrier) -> tuple[Siege, ...]:
    r = Represente
    return (
        Siege(COSTRAT, "cheffe", anime=True, a_voix=False),
        Siege(COSTRAT, "siege", r.OG, og=ASSOCIATION),
        Siege(COSTRAT, "voisin", r.OG, og=RESIDENCE),
        Siege(COSTRAT, "direction-surdite", r.OG, og=SURDITE),
        Siege(COSTRAT, "direction-residences", r.OG, og=CROIX_ROUGE, suppleant="direction-domicile"),
        Siege(COMOP, "cheffe", anime=True, a_voix=False),
        Siege(COMOP, "directrice", r.CATEGORIE, og=ASSOCIATION, comme=ENFANCE[0]),
        Siege(COMOP, "direction-personnes-agees", r.CATEGORIE, og=ASSOCIATION, comme=ABSORBANT),
        Siege(COMOP, "membre", r.CATEGORIE, og=ASSOCIATION, comme="010787141", du=c.mois(12, 6)),
        Siege(COMOP, "direction-adultes", r.CATEGORIE, og=ASSOCIATION, comme="010012581", suppleant="delegue-adultes"),
        Siege(COMOP, "voisin", r.OG, og=RESIDENCE),
        Siege(COMOP, "direction-surdite", r.OG, og=SURDITE, au=c.dans_jours(20)),
        Siege(COMOP, "direction-residences", r.CATEGORIE, og=CROIX_ROUGE, comme="010784130"),
        Siege(COMOP, "direction-domicile", r.OG, og=CROIX_ROUGE),
        Siege(COMOP, "interim-montagne", r.ZONE, og=CROIX_ROUGE, zone="74", au=c.mois(6, 10)),
        Siege(COMOP, "direction-montagne", r.ZONE, og=CROIX_ROUGE, zone="74", du=c.mois(6, 11)),
        Siege(COMOP, fonction="Déléguée à la protection des données", a_voix=False),
        Siege(UTILISATEURS, "appui", anime=True, du=c.mois(12, 6)),
        Siege(UTILISATEURS, "referent", r.UTILISATEURS, du=c.mois(6, 12)),
        Siege(UTILISATEURS, represente=r.UTILISATEURS, fonction="Infirmière coordinatrice d'un EHPAD"),
        Siege(UTILISATEURS, represente=r.UTILISATEURS, fonction="Moniteur d'atelier"),
        Siege(UTILISATEURS, represente=r.UTILISATEURS, fonction="Veilleuse de nuit d'un foyer"),
        Siege(UTILISATEURS, represente=r.PERSONNES, fonction="Présidence d'un conseil de la vie sociale"),
    )


def installer(g: Gouvernance, c: Calendrier) -> None:
    """Crée les trois instances, puis leurs sièges, aux dates où ils ont commencé."""
    debut = c.mois(16, 10)
    for nom, valeurs in INSTANCES.items():
        g.comites[nom] = Instance.objects.create(
            grappe=g.grappe, nom=nom, creee_par=g.cheffe, creee_le=a_neuf_heures(debut), **valeurs
        )
    ogs = {og.finess: og for og in OrganismeGestionnaire.objects.filter(finess__in=_finess_des_og(c))}
    esms = Esms.objects.select_related("categorie").in_bulk(
        [s.comme for s in _sieges(c) if s.comme], field_name="finess"
    )
    for siege in _sieges(c):
        Mandat.objects.create(
            comite=g.comites[siege.comite],
            utilisateur=g.comptes[siege.qui] if siege.qui else None,
            fonction=siege.fonction,
            suppleant=g.comptes[siege.suppleant] if siege.suppleant else None,
            represente=siege.represente,
            og=ogs[siege.og] if siege.og else None,
            categorie=esms[siege.comme].categorie if siege.comme else None,
            departement_id=siege.zone or None,
            anime=siege.anime,
            a_voix=siege.a_voix,
            du=siege.du or debut,
            au=siege.au,
            confie_par=g.cheffe,
        )


def _finess_des_og(c: Calendrier) -> list[str]:
    return [s.og for s in _sieges(c) if s.og]
