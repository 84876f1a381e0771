"""Ce que la grappe multi-OG a évalué : les cent questions deux fois, un pré-diagnostic, des leviers. Inventé."""

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import median_high

from programme.demonstration.ain_rhone.grappe import ENFANCE, NOM
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import a_neuf_heures
from programme.models import Grappe, Parcours, Utilisateur
from programme.socle.porte import changer_etat
from risques.demonstration.grilles import Noter, avec_ecart, consensus_de, regulier, remplir, transmettre
from risques.demonstration.registre import suivre_les_risques
from risques.enums import PhaseCampagne, PorteeCampagne, Regard
from risques.models import Campagne, Evaluation, Grille, VersionQuestionnaire
from risques.services.campagnes import creer_campagne
from risques.services.evaluations import designer, ouvrir_consensus, ouvrir_reunion
from risques.services.partages import ouvrir as ouvrir_un_partage

MAISON, IME = ENFANCE[2], ENFANCE[0]
RECENTS = ("010789824", "010007391")
"""Deux ESMS au cadrage : leur pré-diagnostic se discute à plusieurs."""
EN_ROUTINE = ("010784262",)
PARTAGE = "380793612"
SANS_OBJET = frozenset({"A09", "C07"})
DEBATTUES = {"R03": 8, "U01": 7, "T02": 4}
"""Ce que le consensus a tranché autrement que la médiane."""
MOTS = {
    "R03": "L'étage de l'internat et les deux résidences : aucune borne.",
    "U01": "Surtout dans les équipes de nuit, qui n'ont pas été réunies.",
    "H02": "Le logiciel de planning de l'an passé a laissé des traces.",
}


class _Grappe:
    """La grappe, ses ESMS par FINESS et les comptes, sous la main."""

    def __init__(self, comptes: Mapping[str, Utilisateur]) -> None:
        self.grappe = Grappe.objects.get(nom=NOM)
        # Relus : leur périmètre a changé depuis leur création.
        self.comptes = {nom: Utilisateur.objects.get(pk=compte.pk) for nom, compte in comptes.items()}
        lus = Parcours.objects.filter(grappe=self.grappe).select_related("esms__departement", "grappe")
        self.parcours = {p.esms.finess: p for p in lus}
        self.cheffe = self.comptes["cheffe"]

    def campagne(
        self,
        code: str,
        nom: str,
        le: date,
        *,
        phase: PhaseCampagne = PhaseCampagne.DEMARRAGE,
        esms: tuple[str, ...] = (),
        etoilees: bool = False,
        echeance: date | None = None,
    ) -> Campagne:
        """Prépare et ouvre une campagne ce jour-là, sur la version de Treille."""
        version = VersionQuestionnaire.objects.publiees().get(questionnaire__code=code, grappe=None)
        campagne = creer_campagne(
            grappe=self.grappe,
            version_posee=version,
            nom=nom,
            phase=phase,
            portee=PorteeCampagne.ESMS if esms else PorteeCampagne.GRAPPE,
            etoilees=etoilees,
            parcours=[self.parcours[f] for f in esms],
            par=self.cheffe,
        )
        Campagne.objects.filter(pk=campagne.pk).update(creee_le=a_neuf_heures(le), echeance=echeance)
        changer_etat(campagne, "ouvrir", par=self.cheffe, date_effet=le)
        return campagne

    def demander(self, evaluation: Evaluation, qui: str, regard: Regard) -> Grille:
        """Désigne quelqu'un, ou rend sa grille s'il l'est déjà (la direction l'est d'office)."""
        deja = evaluation.grilles.filter(evaluateur=self.comptes[qui]).first()
        return deja or designer(evaluation=evaluation, evaluateur=self.comptes[qui], regard=regard, par=self.cheffe)

    def repondre(self, evaluation: Evaluation, qui: str, regard: Regard, noter: Noter, le: date) -> Grille:
        """Répond et transmet."""
        grille = self.demander(evaluation, qui, regard)
        remplir(grille, noter, le, mots=MOTS if qui == "appui" else None)
        transmettre(grille, le)
        return grille


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Tout, par les services et par la porte, aux dates où cela s'est fait."""
    ici = _Grappe(comptes)
    consensus = _cent_questions(ici, calendrier)
    _fin_de_phase(ici, calendrier)
    _prediagnostics(ici, calendrier)
    _leviers(ici, calendrier)
    _effets(ici, calendrier)
    suivre_les_risques(ici.grappe, ici.parcours, ici.comptes, consensus, calendrier)
    ouvrir_un_partage(
        cible=ici.parcours[PARTAGE],
        objet="risques",
        pourquoi="Relire ensemble le calendrier de la télégestion",
        par=ici.comptes["direction-domicile"],
        au=calendrier.dans(2, 26),
    )


def _cent_questions(ici: _Grappe, c: Calendrier) -> Grille:
    """Trois personnes, leurs écarts, puis ce qu'elles ont retenu ensemble."""
    campagne = ici.campagne(
        "risques-100-points", "Risques au démarrage, avant le pilote", c.mois(12, 14), echeance=c.mois(11, 6)
    )
    evaluation = campagne.evaluations.get()
    ici.repondre(evaluation, "cheffe", Regard.PROJET, avec_ecart(0, 1, sans_objet=SANS_OBJET), c.mois(12, 26))
    ici.repondre(evaluation, "appui", Regard.TERRAIN, avec_ecart(1, 2, sans_objet=SANS_OBJET), c.mois(11, 3))
    ici.repondre(evaluation, "membre", Regard.DIRECTION, avec_ecart(-1, 4), c.mois(11, 4))
    consensus = ouvrir_consensus(
        evaluation=evaluation,
        tenue_le=c.mois(11, 10),
        participants="Cheffe de projet, équipe d'appui, membre du COMOP",
        par=ici.cheffe,
    )
    remplir(consensus, consensus_de(evaluation, DEBATTUES, median_high), c.mois(11, 10))
    transmettre(consensus, c.mois(11, 10))
    changer_etat(consensus, "valider", par=ici.cheffe, date_effet=c.mois(11, 11))
    changer_etat(campagne, "clore", par=ici.cheffe, date_effet=c.mois(11, 12))
    return consensus


def _fin_de_phase(ici: _Grappe, c: Calendrier) -> None:
    """Les étoilées seulement, répondues en réunion : les moyens et les attitudes ont bougé."""
    campagne = ici.campagne(
        "risques-100-points",
        "Risques à la fin du pilote",
        c.mois(8, 4),
        phase=PhaseCampagne.FIN_DE_PHASE,
        etoilees=True,
        echeance=c.mois(8, 20),
    )
    reunion = ouvrir_reunion(evaluation=campagne.evaluations.get(), par=ici.cheffe)
    reunion.participants, reunion.tenue_le = "Équipe projet et directions des pilotes", c.mois(8, 12)
    reunion.save(update_fields=["participants", "tenue_le"])
    remplir(reunion, avec_ecart(-2, 1), c.mois(8, 12))
    transmettre(reunion, c.mois(8, 12))
    changer_etat(campagne, "clore", par=ici.cheffe, date_effet=c.mois(8, 21))


def _prediagnostics(ici: _Grappe, c: Calendrier) -> None:
    """Deux ESMS au cadrage : l'un a convergé, l'autre attend encore sa direction."""
    campagne = ici.campagne(
        "pre-diagnostic", "Ampleur du changement, ESMS au cadrage", c.jours(40), esms=RECENTS, echeance=c.dans_jours(12)
    )
    travail, adultes = (campagne.evaluations.get(parcours=ici.parcours[f]) for f in RECENTS)
    # La cheffe conduit : désignée avant que quiconque transmette, sinon elle lirait les autres d'abord.
    for evaluation in (travail, adultes):
        ici.demander(evaluation, "cheffe", Regard.PROJET)
    ici.repondre(travail, "direction-travail-logement", Regard.DIRECTION, regulier(0), c.jours(33))
    ici.repondre(travail, "siege", Regard.CODIR, regulier(1), c.jours(31))
    ici.repondre(travail, "cheffe", Regard.PROJET, regulier(1), c.jours(28))
    consensus = ouvrir_consensus(
        evaluation=travail,
        tenue_le=c.jours(24),
        participants="Direction, siège, cheffe de projet",
        par=ici.cheffe,
    )
    remplir(consensus, consensus_de(travail, {}, median_high), c.jours(24))
    transmettre(consensus, c.jours(24))
    ici.repondre(adultes, "cheffe", Regard.PROJET, regulier(0), c.jours(26))


def _leviers(ici: _Grappe, c: Calendrier) -> None:
    """Le terrain et le numérique, croisés ; la directrice est attendue."""
    campagne = ici.campagne("leviers-griefs", "Leviers et griefs, à mi-parcours", c.jours(30), echeance=c.dans_jours(9))
    evaluation = campagne.evaluations.get()
    ici.repondre(evaluation, "appui", Regard.TERRAIN, regulier(-1), c.jours(22))
    ici.repondre(evaluation, "siege", Regard.NUMERIQUE, regulier(1), c.jours(20))
    ici.demander(evaluation, "directrice", Regard.DIRECTION)


def _effets(ici: _Grappe, c: Calendrier) -> None:
    """Ce que le DUI a changé, là où il tourne depuis longtemps."""
    campagne = ici.campagne(
        "effets-dui", "Effets du DUI, premiers ESMS", c.jours(45), phase=PhaseCampagne.BILAN, esms=EN_ROUTINE
    )
    evaluation = campagne.evaluations.get()
    ici.repondre(evaluation, "directrice", Regard.DIRECTION, regulier(1), c.jours(38) + timedelta(days=1))
