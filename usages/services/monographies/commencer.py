"""Commencer la monographie d'une visite, avec toutes ses sections ; la renommer."""

from django.db import transaction

from programme.models import Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.texte import normaliser
from usages.enums import CodeSection, EtatVisite
from usages.models import Monographie, SectionMonographie, Visite
from usages.permissions import peut_ecrire_dans_l_etude, peut_ecrire_une_section

DEJA = "La monographie de cette visite est déjà commencée."
SANS_VISITE = "Cette visite a été refusée ou annulée : il n'y a rien à écrire."
SANS_TITRE = "Donnez un titre : c'est lui qu'on lira dans la liste."
TITRE_MAXIMAL = 200


def titre_propose(visite: Visite) -> str:
    """« Ce que change le DUI à l'IME Les Tilleuls » : l'ESMS, que l'équipe remplace par ce qu'elle a appris."""
    return f"Ce que change le DUI : {visite.parcours.esms}"[:TITRE_MAXIMAL]


@transaction.atomic
def commencer(*, visite: Visite, titre: str, par: Utilisateur, sous_titre: str = "") -> Monographie:
    """Crée la monographie et toutes ses sections, vides. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_ecrire_dans_l_etude(par, visite))
    relue = Visite.objects.select_for_update(of=("self",)).get(pk=visite.pk)
    if relue.etat in (EtatVisite.REFUSEE, EtatVisite.ANNULEE):
        raise Refus("etat", SANS_VISITE)
    if Monographie.objects.filter(visite=relue).exists():
        raise Refus("etat", DEJA)
    monographie = Monographie(visite=relue, titre=titre, sous_titre=sous_titre, commencee_par=par)
    _verifier(monographie)
    monographie.save()
    for code in CodeSection:
        section = SectionMonographie(monographie=monographie, code=code)
        signer(section, par)
        section.save()
    return monographie


@transaction.atomic
def renommer(*, monographie: Monographie, titre: str, sous_titre: str, par: Utilisateur) -> Monographie:
    """Change le titre et le sous-titre ; une édition publiée garde les siens. Lève `Refus` (droit, champ)."""
    relue = Monographie.objects.select_for_update(of=("self",)).get(pk=monographie.pk)
    # Le titre se publie avec le texte : la direction valide l'un et l'autre.
    exiger(peut_ecrire_une_section(par, relue))
    relue.titre, relue.sous_titre = titre, sous_titre
    _verifier(relue)
    relue.save()
    return relue


def _verifier(monographie: Monographie) -> None:
    if not normaliser(monographie.titre):
        raise Refus("champ", SANS_TITRE, champs={"titre": [SANS_TITRE]})
    valider(monographie)
