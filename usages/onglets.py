"""Les pages des usages d'une grappe, d'un ESMS, d'un organisme, d'une région.

Deux entrées par ESMS : ses relevés, que lit aussi le financeur, et ses usages, dont la seconde barre ouvre le reste.
"""

from django.urls import reverse
from django.utils import timezone

from programme.enums import EtatParcours
from programme.models import Parcours, Utilisateur
from programme.socle.dates import date_courte
from programme.socle.droits import Droit
from programme.socle.nombres import accorde
from programme.socle.onglets import (
    Lien,
    Onglet,
    inscrire_au_menu_du_compte,
    inscrire_page_d_esms,
    inscrire_page_d_og,
    inscrire_page_de_grappe,
    inscrire_page_de_region,
    ranger_chez_les_esms,
    ranger_chez_les_grappes,
)
from usages.enums import EtatRetour, EtatVisite
from usages.models import MonteeDeVersion, Releve, Retour, Ticket, Visite
from usages.permissions import (
    peut_commencer_une_etude,
    peut_lire_le_tableau_d_og,
    peut_lire_le_tableau_de_region,
    peut_lire_le_tableau_du_pays,
    peut_lire_les_enseignements,
    peut_lire_usages,
    peut_tenir_les_liens,
)
from usages.services.fragilite import lire as lire_fragilite

PAS_EN_ROUTINE = "Cet ESMS n'est pas en routine : rien n'y est encore à fragiliser."


def _lit_les_releves(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """La page ne montre au financeur que ce qui est transmis : qui voit l'ESMS l'ouvre."""
    return Droit(True)


def _lit_la_routine(utilisateur: Utilisateur, parcours: Parcours) -> Droit:
    """La page n'a de sens qu'en routine ; pas pour qui n'y est que financeur."""
    if parcours.etat != EtatParcours.ROUTINE:
        return Droit(False, PAS_EN_ROUTINE)
    return peut_lire_usages(utilisateur, parcours)


def _a_transmettre(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« à transmettre » passé l'échéance, « avant le 15 déc. » ; vide si tout est transmis. Une requête."""
    siens = Releve.objects.visibles_par(utilisateur).filter(parcours=parcours, etat="saisi").order_by("echeance")
    premier = siens.first()
    if premier is None:
        return ""
    return (
        "à transmettre" if premier.est_en_retard(timezone.localdate()) else f"avant le {date_courte(premier.echeance)}"
    )


def _ce_qui_presse(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 2 bloquants », « routine fragilisée », « 1 montée à dire faite » ; vide si rien. Sept requêtes au plus."""
    au = timezone.localdate()
    if bloquants := Ticket.objects.filter(parcours=parcours).ouverts(au).bloquants().count():
        return accorde(bloquants, "bloquant")
    if parcours.etat == EtatParcours.ROUTINE and lire_fragilite(Parcours.objects.filter(pk=parcours.pk), au):
        return "routine fragilisée"
    montees = MonteeDeVersion.objects.filter(parcours=parcours, faite_le__isnull=True, prevue_le__lt=au).count()
    return accorde(montees, "montée à dire faite,montées à dire faites") if montees else ""


def _a_lire(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« 3 à lire » ; vide si tous sont lus. Une requête."""
    nouveaux = Retour.objects.filter(parcours=parcours, etat=EtatRetour.NOUVEAU).count()
    return f"{nouveaux} à lire" if nouveaux else ""


def _visite_a_accepter(utilisateur: Utilisateur, parcours: Parcours) -> str:
    """« visite à accepter » tant qu'elle attend ; vide sinon. Une requête."""
    attend = Visite.objects.filter(parcours=parcours, etat=EtatVisite.PROPOSEE).exists()
    return "visite à accepter" if attend else ""


def _au_menu(utilisateur: Utilisateur) -> list[Lien]:
    """Le tableau du pays, celui de la seule région qu'on suit, le catalogue : ils ne tiennent à aucune autre page."""
    perimetre = utilisateur.perimetre
    liens = []
    if peut_lire_le_tableau_du_pays(utilisateur):
        liens.append(Lien("Tableau de bord du pays", reverse("usages:pays-tableau-de-bord"), "map"))
    if len(perimetre.regions) == 1:
        url = reverse("usages:region-tableau-de-bord", args=[*perimetre.regions])
        liens.append(Lien("Tableau de bord de la région", url, "map"))
    if perimetre.affectes:
        if peut_commencer_une_etude(utilisateur):
            liens.append(Lien("Études", reverse("usages:etude-liste"), "microscope"))
        liens.append(Lien("Monographies", reverse("usages:monographie-liste"), "book-open"))
        liens.append(Lien("Pratiques partagées", reverse("usages:pratique-liste"), "users"))
        liens.append(Lien("Catalogue des indicateurs", reverse("usages:indicateur-liste"), "gauge"))
    return liens


inscrire_au_menu_du_compte("usages", _au_menu)
inscrire_page_d_esms("Relevés", "usages:parcours-releves", _lit_les_releves, _a_transmettre)
inscrire_page_d_esms(
    "Usages",
    "usages:parcours-tableau-de-bord",
    peut_lire_usages,
    _ce_qui_presse,
    voisines=(
        Onglet("Relevés", "usages:parcours-releves", _lit_les_releves),
        Onglet("Semblables", "usages:parcours-semblables", peut_lire_usages),
        Onglet("Connexions", "usages:parcours-connexions", peut_lire_usages),
        Onglet("Tickets", "usages:parcours-tickets", peut_lire_usages),
        Onglet("Versions", "usages:parcours-versions", peut_lire_usages),
        Onglet("Routine", "usages:parcours-routine", _lit_la_routine),
    ),
)
inscrire_page_de_grappe(
    "Usages",
    "usages:grappe-tableau-de-bord",
    peut_lire_usages,
    voisines=(
        Onglet("Relevés", "usages:grappe-releves", peut_lire_usages),
        Onglet("Indicateurs suivis", "usages:grappe-indicateurs", peut_lire_usages),
        Onglet("Connexions", "usages:grappe-connexions", peut_lire_usages),
        Onglet("Tickets", "usages:grappe-tickets", peut_lire_usages),
        Onglet("Éditeurs", "usages:grappe-editeurs", peut_lire_usages),
    ),
)
inscrire_page_d_esms(
    "Retours",
    "usages:parcours-retours",
    peut_lire_usages,
    _a_lire,
    voisines=(
        Onglet("Réponses", "usages:parcours-reponses", peut_lire_usages),
        Onglet("Dans le temps", "usages:parcours-retours-themes", peut_lire_usages),
        Onglet("À lire avant d'ouvrir", "usages:parcours-enseignements", peut_lire_les_enseignements),
        Onglet("Verbatims", "usages:parcours-verbatims", peut_lire_usages),
        Onglet("Liens", "usages:parcours-liens", peut_tenir_les_liens),
    ),
)
inscrire_page_de_grappe(
    "Retours",
    "usages:grappe-retours",
    peut_lire_usages,
    voisines=(
        Onglet("Réponses", "usages:grappe-reponses", peut_lire_usages),
        Onglet("Dans le temps", "usages:grappe-retours-themes", peut_lire_usages),
        Onglet("Enseignements", "usages:grappe-enseignements", peut_lire_les_enseignements),
    ),
)
inscrire_page_d_esms("Études", "usages:parcours-etudes", peut_lire_usages, _visite_a_accepter)
inscrire_page_d_og("Tableau de bord", "usages:og-tableau-de-bord", peut_lire_le_tableau_d_og)
inscrire_page_de_region("Tableau de bord", "usages:region-tableau-de-bord", peut_lire_le_tableau_de_region)

ranger_chez_les_esms(
    "releve", "valeur", "precision", "connexions", "tdb", "montee", "retour", "reponses", "lien", "relais", "verbatim",
    "visite", "temps", "note", "photo", "constat", "monographie", "section", "commentaire", "edition",
)  # fmt: skip
ranger_chez_les_grappes(
    "indicateur", "suivi", "cible", "ticket", "tickets", "irritant", "demandeediteur", "editeur", "version",
    "preuve", "preuveusage", "releves", "enseignement", "pratique", "retours", "comite", "etude", "etape", "equipier",
    "trame",
)  # fmt: skip
