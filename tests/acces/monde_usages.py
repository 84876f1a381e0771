"""Ce que les usages mettent de chaque côté du monde : relevés, tickets, fichiers reliés, retours de terrain."""

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from programme.enums import Role
from programme.models import Grappe, Jalon, OrganismeGestionnaire, Parcours, Utilisateur
from programme.socle.enums import EtatTravail
from programme.socle.models import Correspondance, Travail
from programme.socle.porte import changer_etat
from tests.fabriques import affecter
from tests.usages.fabriques import (
    CibleFactory,
    DemandeEditeurFactory,
    IrritantFactory,
    MonteeDeVersionFactory,
    PrecisionFactory,
    PreuveUsageFactory,
    RegleIndicateurFactory,
    SuiviFactory,
    TicketFactory,
    chiffrer,
    releve_de,
    transmettre,
)
from tests.usages.monographies.fabriques import (
    CommentaireFactory,
    ConstatFactory,
    EquipierFactory,
    EtudeFactory,
    MonographieFactory,
    NoteDeVisiteFactory,
    PhotoDeVisiteFactory,
    TempsDeVisiteFactory,
    VerbatimDeVisiteFactory,
    VisiteFactory,
    passer,
)
from tests.usages.retours.fabriques import (
    EnseignementFactory,
    LienDeRetourFactory,
    PratiqueFactory,
    RelaisFactory,
    RetourFactory,
    VerbatimFactory,
    conduire,
)
from usages.demonstration.entonnoir_enregistre import enregistrer
from usages.enums import RoleEtude
from usages.services.monographies.editions import figer_edition


def relever(parcours: Parcours, cheffe: Utilisateur, jalon: Jalon) -> dict[str, Any]:
    """Le mois dernier en saisie, celui d'avant transmis, une question posée dessus ; un ticket, une demande."""
    grappe = parcours.grappe
    suivi = SuiviFactory(grappe=grappe, choisi_par=cheffe)
    releve, transmis = releve_de(parcours), releve_de(parcours, 2)
    valeur = chiffrer(transmis, suivi.indicateur)
    chiffrer(releve, suivi.indicateur)
    transmettre(transmis, par=affecter(Role.DIRECTEUR, parcours.esms))
    return {
        "indicateur": suivi.indicateur,
        "releve": releve,
        "transmis": transmis,
        "valeur": valeur,
        "precision": PrecisionFactory(valeur=valeur, demandee_par=cheffe),
        "ticket": TicketFactory(parcours=parcours),
        "irritant": IrritantFactory(grappe=grappe),
        "correspondance_tickets": correspondance_tickets(grappe, cheffe),
        "depot_tdb": _depot_tdb(parcours, cheffe),
        "demandeediteur": DemandeEditeurFactory(grappe=grappe, creee_par=cheffe),
        "montee": MonteeDeVersionFactory(parcours=parcours),
        "cible": CibleFactory(grappe=grappe, indicateur=suivi.indicateur),
        "regle": RegleIndicateurFactory(grappe=grappe, indicateur=suivi.indicateur),
        "preuveusage": PreuveUsageFactory(jalon=jalon, preparee_par=cheffe),
    }


def donner_des_retours(parcours: Parcours, cheffe: Utilisateur) -> dict[str, Any]:
    """Un retour qualifié, venu par le lien de l'ESMS ; un relais, un enseignement, une pratique, un verbatim."""
    grappe, lien = parcours.grappe, LienDeRetourFactory(parcours=parcours, cree_par=cheffe)
    il_y_a_deux_semaines = timezone.localdate() - timedelta(days=14)
    retour = RetourFactory(parcours=parcours, lien=lien, recu_le=il_y_a_deux_semaines)
    pratique = PratiqueFactory(grappe=grappe, ecrite_par=cheffe)
    changer_etat(pratique, "partager", par=cheffe)
    return {
        "lien": lien,
        "retour": conduire(retour, "qualifier", par=cheffe),
        "relais": RelaisFactory(parcours=parcours, compte=cheffe),
        "enseignement": EnseignementFactory(grappe=grappe, ecrit_par=cheffe),
        "pratique": pratique,
        "verbatim": VerbatimFactory(parcours=parcours, recueilli_par=cheffe),
    }


def etudier(parcours: Parcours, cheffe: Utilisateur) -> dict[str, Any]:
    """Une étude que pilote la cheffe, son entonnoir, une visite acceptée ; une autre, dont la monographie se relit.

    De cette monographie, une première édition est publiée.
    """
    etude, menee = (EtudeFactory(creee_par=cheffe) for _ in range(2))
    equipiers = [EquipierFactory(etude=e, compte=cheffe, role=RoleEtude.PILOTE) for e in (etude, menee)]
    enregistrer(etude)
    visite, visitee = (VisiteFactory(etude=e, parcours=parcours) for e in (etude, menee))
    changer_etat(visite, "accepter", par=affecter(Role.DIRECTEUR, parcours.esms))
    monographie = MonographieFactory(visite=visitee)
    section = monographie.sections.get(code="motivations")
    section.texte = "L'équipe voulait lire la nuit en une page."
    section.save()
    edition = figer_edition(monographie=monographie, par=cheffe, le=timezone.localdate())
    passer(monographie, cheffe, "envoyer_en_relecture")
    return {
        "etude": etude,
        "menee": menee,
        "equipier": equipiers[0],
        "visite": visite,
        "visitee": visitee,
        "temps": TempsDeVisiteFactory(visite=visite),
        "note": NoteDeVisiteFactory(visite=visite, prise_par=cheffe),
        "photo": PhotoDeVisiteFactory(visite=visite),
        "verbatim_de_visite": VerbatimDeVisiteFactory(visite=visite),
        "constat": ConstatFactory(visite=visite),
        "monographie": monographie,
        "commentaire": CommentaireFactory(section=section, ecrit_par=cheffe),
        "edition": edition,
    }


def correspondance_connexions(og: OrganismeGestionnaire, par: Utilisateur) -> Correspondance:
    """Le journal de connexion de l'éditeur de l'organisme, relié."""
    entetes = ["Utilisateur", "Date", "FINESS"]
    lecture = {"feuille": "Tableau", "ligne_entete": 1, "nb_entetes": 1, "separateur": ";"}
    return Correspondance.objects.create(
        genre="connexions",
        og=og,
        par=par,
        code="journal",
        nom="Journal de l'éditeur",
        colonnes={"utilisateur": "compte", "date": "instant", "finess": "esms"},
        options={"lecture": lecture, "entetes": entetes, "source": "journal"},
    )


def _depot_tdb(parcours: Parcours, par: Utilisateur) -> Travail:
    """L'export du tableau de bord ESMS, déposé."""
    parametres = {"parcours": parcours.pk, "annee": 2025}
    depot = Travail(genre="tableau-de-bord-esms-depot", par=par, parametres=parametres, etat=EtatTravail.TERMINE)
    depot.fichier.save("tdb.csv", ContentFile(b"finess geographique;Effectif\n330000001;42\n"))
    return depot


def correspondance_tickets(grappe: Grappe, par: Utilisateur) -> Correspondance:
    """L'export de tickets de la grappe, relié, et déposé."""
    colonnes = {"numero": "numero", "cree le": "cree_le", "esms": "esms", "bloquant": "bloquant"}
    lecture = {"feuille": "Tableau", "ligne_entete": 1}
    options = {"lecture": lecture, "entetes": ["Numéro", "Créé le", "ESMS", "Bloquant"], "grappe": grappe.pk}
    correspondance = Correspondance.objects.create(
        genre="tickets", par=par, code="glpi", nom="GLPI du siège", colonnes=colonnes, options=options
    )
    parametres = {"grappe": grappe.pk, "correspondance": correspondance.pk, "source": "GLPI"}
    depot = Travail(genre="tickets-depot", par=par, parametres=parametres, etat=EtatTravail.TERMINE)
    contenu = "Numéro;Créé le;ESMS;Bloquant\nT-1;02/03/2026;IME du Nord;Majeure\nT-2;03/03/2026;;non\n"
    depot.fichier.save("tickets.csv", ContentFile(contenu.encode()))
    return correspondance
