"""La grappe multi-OG : deux ans d'histoire, cinq organismes, trente et un ESMS à tous les états."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from programme.demonstration import apports
from programme.demonstration.ain_rhone.adultes import adultes
from programme.demonstration.ain_rhone.communs import ABSORBANT, ABSORBE
from programme.demonstration.ain_rhone.domicile import au_depart, domicile
from programme.demonstration.ain_rhone.enfance import enfance
from programme.demonstration.ain_rhone.personnes_agees import personnes_agees
from programme.demonstration.ain_rhone.pilotes import pilotes
from programme.demonstration.annuaire import creer_les_esms, creer_un_groupe
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.comptes import nommer
from programme.demonstration.recit import Recit, a_neuf_heures
from programme.demonstration.scenario import Fil
from programme.enums import IssueVerification, Role, Titre, TypeVerification
from programme.models import (
    Esms,
    Grappe,
    Groupe,
    Module,
    OrganismeGestionnaire,
    Parcours,
    Proposition,
    Region,
    Solution,
    Utilisateur,
)
from programme.services import parcours
from programme.services.conduite import consigner_verification, enregistrer_vague, regler_conditions
from programme.services.fusions import declarer_fusion
from programme.services.grappes import creer_grappe
from programme.services.perimetre import deleguer
from programme.socle.enums import Severite

NOM = "Entre Ain et Rhône"
ASSOCIATION, RESIDENCE, SURDITE, CROIX_ROUGE = "010783009", "010000339", "010000255", "750721334"
ENFANCE = ("010784262", "010780591", "010780864", "010014132")
MODULES = ("journal-de-bord", "agenda", "dossier-administratif", "soins", "projet-personnalise")

PRESENTATION = (
    "Démonstration : les ESMS sont ceux du répertoire FINESS, leur histoire ici est entièrement inventée, de même que "
    "l'éditeur et la solution. Cinq organismes, cinq secteurs, une grappe mixte."
)


def creer(comptes: Mapping[str, Utilisateur], solutions: Mapping[str, Solution], calendrier: Calendrier) -> Grappe:
    """Bâtit la grappe et rejoue ses deux années."""
    c = calendrier
    association = OrganismeGestionnaire.objects.get(finess=ASSOCIATION)
    porteur = OrganismeGestionnaire.objects.create(nom="Groupement de coopération Entre Ain et Rhône (fictif)")
    creer_les_esms(association, [ABSORBE])
    grappe = creer_grappe(
        nom=NOM,
        par=comptes["admin"],
        chef=comptes["cheffe"],
        porteur=porteur,
        region=Region.objects.get(nom="Auvergne-Rhône-Alpes"),
        solution=solutions["Lisière"],
        modules=Module.objects.filter(code__in=MODULES),
        annee_financement=c.mois(21, 13).year,
        presentation=PRESENTATION,
    )
    du = c.mois(24, 4)
    grappe.affectations.update(du=du)
    _nommer_les_directions(comptes, association, du)
    recit = Recit(grappe, comptes, "cheffe", c.aujourdhui)
    _ouvrir_les_vagues(recit, c)
    recit.avancer_grappe(
        ("deposer", c.mois(24, 21), ""),
        ("conventionner", c.mois(21, 13), ""),
        ("consulter", c.mois(20, 10), ""),
        ("modeliser", c.mois(14, 8), ""),
        ("piloter", c.mois(11, 6), ""),
        ("deployer", c.mois(8, 10), ""),
    )
    histoires = fils(c)
    recit.accueillir(histoires, c.mois(24, 12))
    _verifier(recit, c, association)
    _arbitrer(recit, c)
    recit.figer_le_calendrier(histoires, c.mois(13, 20))
    recit.reviser_le_calendrier(histoires, c.jours(36))
    _proposer(recit, c)
    # Avant les gestes des autres apps : qui siège dans une instance est déjà de la grappe.
    _nommer_les_lecteurs(comptes, grappe, association, c)
    apports.enrichir(recit, c)
    recit.rejouer()
    return grappe


def fils(c: Calendrier) -> list[Fil]:
    """Tous les fils, dans l'ordre où les ESMS sont entrés."""
    return [*pilotes(c), *enfance(c), *personnes_agees(c), *adultes(c), *domicile(c), *au_depart(c)]


# --- qui fait quoi -------------------------------------------------------------------------------------------------


def _esms(*finess: str) -> list[Esms]:
    return list(Esms.objects.filter(finess__in=finess).select_related("og", "departement"))


def _nommer_les_directions(comptes: Mapping[str, Utilisateur], association: OrganismeGestionnaire, du: date) -> None:
    def pole(nom: str, *finess: str) -> Groupe:
        return creer_un_groupe(nom, association, *finess)

    poles: dict[str, Groupe] = {
        "directrice": pole("Pôle Enfance", *ENFANCE),
        "direction-personnes-agees": pole("Pôle Personnes âgées", ABSORBANT, "010010494", "010010791", ABSORBE.finess),
        "direction-travail-logement": pole(
            "Pôle Travail et logement", "010787141", "010787729", "010789824", "010786911"
        ),
        "direction-adultes": pole(
            "Pôle Accompagnement des adultes",
            "010012581",
            "010790012",
            "010790004",
            "010010601",
            "010007391",
            "010787844",
        ),
    }
    for identifiant, groupe in poles.items():
        nommer(comptes, identifiant, Role.DIRECTEUR, groupe, du=du)
    directions = {
        "voisin": ("010780906", "010006401"),
        "direction-surdite": ("010780575", "010008183", "010011914"),
        "direction-residences": ("010784130", "690790357"),
        "direction-domicile": ("420015380", "380793612"),
        "direction-montagne": ("740785274", "740010772"),
    }
    for identifiant, finess in directions.items():
        nommer(comptes, identifiant, Role.DIRECTEUR, *_esms(*finess), du=du)
    nommer(
        comptes,
        "interim-montagne",
        Role.DIRECTEUR,
        *_esms("740003058"),
        du=du,
        titre=Titre.INTERIM,
        motif="Poste de direction en cours de recrutement",
    )


def _nommer_les_lecteurs(
    comptes: Mapping[str, Utilisateur], grappe: Grappe, association: OrganismeGestionnaire, c: Calendrier
) -> None:
    region, du = grappe.region, c.mois(20, 6)
    nommer(comptes, "siege", Role.SIEGE, association, du=du)
    nommer(comptes, "referent", Role.REFERENT, *_esms("010780864"), du=c.mois(6, 12))
    nommer(comptes, "ars", Role.ARS, region, du=du)
    nommer(comptes, "grades", Role.GRADES, region, du=du)
    nommer(comptes, "appui", Role.APPUI, grappe, du=c.mois(12, 6))
    nommer(comptes, "membre", Role.MEMBRE, grappe, du=c.mois(12, 6))


# --- la conduite ---------------------------------------------------------------------------------------------------


def _ouvrir_les_vagues(recit: Recit, c: Calendrier) -> None:
    vagues = (
        ("Pilotes", c.mois(11, 4), c.mois(9, 27), 4),
        ("Enfance et personnes âgées", c.mois(8, 12), c.mois(3, 28), 6),
        ("Adultes et domicile", c.mois(3, 10), c.dans(2, 27), 6),
        ("Derniers ESMS", c.dans(3, 5), c.dans(7, 27), 6),
    )
    for numero, (nom, debut, fin, capacite) in enumerate(vagues, 1):
        recit.vagues[numero] = enregistrer_vague(
            grappe=recit.grappe, par=recit.chef, numero=numero, nom=nom, debut=debut, fin=fin, capacite=capacite
        )


def _verifier(recit: Recit, c: Calendrier, association: OrganismeGestionnaire) -> None:
    def noter(jour: date, debut: date, nature: str, issue: str, **details: Any) -> None:
        recit.noter(
            jour,
            consigner_verification,
            grappe=recit.grappe,
            par=recit.chef,
            type=nature,
            issue=issue,
            debut=debut,
            prononcee_le=jour,
            **details,
        )

    va, vsr = TypeVerification.VA, TypeVerification.VSR
    noter(
        c.mois(10, 16),
        c.mois(11, 9),
        va,
        IssueVerification.AJOURNEE,
        reference="PV d'ajournement de la VA",
        reserves="L'agenda met plus de dix secondes à s'ouvrir ; la relève de nuit coupe à minuit.",
    )
    noter(
        c.mois(9, 12),
        c.mois(11, 9),
        va,
        IssueVerification.AVEC_RESERVES,
        reference="PV de VA",
        reserves="Impression du projet personnalisé à reprendre ; correctif promis sous trois mois.",
    )
    noter(
        c.jours(57),
        c.mois(3, 10),
        vsr,
        IssueVerification.AVEC_RESERVES,
        og=association,
        reference="PV de VSR, lot de l'association",
        reserves="Délai de réponse de l'assistance supérieur au marché le vendredi après-midi.",
    )


def _arbitrer(recit: Recit, c: Calendrier) -> None:
    """Ce qui se décide en route : une sévérité, une fusion, une délégation."""
    grappe, comptes = recit.grappe, recit.comptes
    recit.noter(
        c.mois(14, 15), regler_conditions, grappe=grappe, par=recit.chef, reglages={"concertation": Severite.BARRE}
    )
    absorbe, absorbant = (Esms.objects.get(finess=f) for f in (ABSORBE.finess, ABSORBANT))
    recit.noter(
        c.mois(7, 1), declarer_fusion, absorbe=absorbe, absorbant=absorbant, le=c.mois(7, 1), par=comptes["admin"]
    )
    # Douze mois au plus : la délégation se renouvelle, le lendemain même d'un week-end.
    fin = c.mois(6, 5)
    for du, au in ((c.mois(16, 6), fin), (fin + timedelta(days=1), c.dans(2, 27))):
        deleguer(
            esms=Esms.objects.get(finess="010012581"),
            a=comptes["delegue-adultes"],
            du=du,
            au=au,
            par=comptes["direction-adultes"],
            motif="Le directeur du pôle garde l'appel à projets ; son adjoint décide ici.",
        )


def _proposer(recit: Recit, c: Calendrier) -> None:
    propositions = (
        (
            "010780591",
            "ouvrir",
            4,
            c.dans_jours(8),
            "Le pilote de votre secteur est passé et l'accompagnatrice est libre.",
        ),
        ("010784262", "passer_en_routine", 6, c.dans(1, 15), "La VSR est prononcée : il ne manque que votre bilan."),
        (
            "010006401",
            "ouvrir",
            3,
            c.dans(1, 14),
            "Les enseignements du pilote à domicile sont attendus par deux services.",
        ),
        ("380793612", "preparer", 9, c.dans_jours(12), "Vos dates légales sont là : il reste à choisir une vague."),
        (
            "420015380",
            "ouvrir",
            21,
            c.dans(1, 21),
            "Les téléphones sont livrés, un créneau d'accompagnement est libre.",
        ),
    )
    for finess, transition, il_y_a, visee, mot in propositions:
        recit.noter(c.jours(il_y_a), _une_proposition, recit, finess, transition, c.jours(il_y_a), visee, mot)
    recit.noter(
        c.jours(14),
        _reporter,
        recit,
        "420015380",
        c.dans(2, 18),
        "Pas pendant les congés : nous reprenons ensuite, avec les deux tournées ensemble.",
    )


def _une_proposition(recit: Recit, finess: str, transition: str, le: date, visee: date, mot: str) -> None:
    proposition = parcours.proposer(
        parcours=recit.parcours[finess], transition=transition, par=recit.chef, date_visee=visee, mot=mot
    )
    # L'instant s'écrit seul à la création ; la proposition, elle, a été faite ce jour-là.
    Proposition.objects.filter(pk=proposition.pk).update(proposee_le=a_neuf_heures(le))


def _reporter(recit: Recit, finess: str, nouvelle_date: date, motif: str) -> None:
    ligne: Parcours = recit.parcours[finess]
    parcours.decider_proposition(
        proposition=ligne.propositions.en_attente().get(),
        par=recit.comptes["direction-domicile"],
        accord=False,
        motif=motif,
        date_visee=nouvelle_date,
    )
