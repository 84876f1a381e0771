"""Les constats d'une visite : les écrire, les redire, les retirer tant que personne ne les a codés."""

from typing import Any

from django.db import transaction
from django.db.models import Count

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.texte import normaliser
from usages.enums import ThemeEffet
from usages.models import Constat, Etude, Visite
from usages.permissions import peut_ecrire_dans_l_etude
from usages.services.visites.verbatims import exiger_qu_on_y_soit

DEJA_CODE = (
    "Ce constat est codé par {} : le changer changerait ce qu'ils ont codé. Seul « se rapproche de » se change encore."
)
DEJA_CODE_RETRAIT = "Ce constat est codé par {} : il reste, sans quoi leurs codes se perdraient."
DEJA_ECRIT = "Ce constat est déjà écrit pour cette visite."
SIGNES_RAPPROCHES = 120


def constats_de(visite: Visite) -> list[Constat]:
    """Ceux de la visite, dans l'ordre des thèmes, avec combien les ont codés (`nb_codes`). Une requête."""
    lus = Constat.objects.filter(visite=visite).pour_lecture().annotate(nb_codes=Count("codages"))
    rangs = {theme: rang for rang, theme in enumerate(ThemeEffet.values)}
    return sorted(lus, key=lambda c: (rangs[c.theme_propose], c.pk))


def libelles_de(etude: Etude, sauf: Constat | None = None) -> list[str]:
    """Les mots déjà employés dans l'étude, à qui rapprocher un constat, sans doublon, dans l'ordre. Une requête."""
    lus = Constat.objects.filter(visite__etude=etude)
    if sauf is not None:
        lus = lus.exclude(pk=sauf.pk)
    mots: dict[str, str] = {}
    # Ceux qui servent déjà à rapprocher d'abord : ce sont eux qu'il faut réemployer.
    couples = list(lus.order_by("pk").values_list("recurrence", "libelle"))
    for texte in (*(r for r, _ in couples), *(c for _, c in couples)):
        if texte and len(texte) <= SIGNES_RAPPROCHES:
            mots.setdefault(normaliser(texte), texte)
    return sorted(mots.values(), key=normaliser)


@transaction.atomic
def ecrire_constat(*, visite: Visite, par: Utilisateur, **valeurs: Any) -> Constat:
    """Écrit un constat. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_ecrire_dans_l_etude(par, visite))
    relue = Visite.objects.select_for_update(of=("self",)).get(pk=visite.pk)
    exiger_qu_on_y_soit(relue)
    constat = Constat(visite=relue, ecrit_par=par, **valeurs)
    return _enregistrer(constat)


@transaction.atomic
def modifier_constat(*, constat: Constat, par: Utilisateur, **valeurs: Any) -> Constat:
    """Redit un constat ; une fois codé, seul ce dont il se rapproche change. Lève `Refus` (droit, etat, champ)."""
    exiger(peut_ecrire_dans_l_etude(par, constat))
    relu = Constat.objects.select_for_update(of=("self",)).get(pk=constat.pk)
    change = any(getattr(relu, champ) != valeur for champ, valeur in valeurs.items() if champ != "recurrence")
    if change and (codes := relu.codages.count()):
        raise Refus("etat", DEJA_CODE.format(accorde(codes, "personne")))
    for champ, valeur in valeurs.items():
        setattr(relu, champ, valeur)
    return _enregistrer(relu)


@transaction.atomic
def retirer_constat(*, constat: Constat, par: Utilisateur) -> None:
    """Retire un constat que personne n'a codé. Lève `Refus` (droit, etat)."""
    exiger(peut_ecrire_dans_l_etude(par, constat))
    relu = Constat.objects.select_for_update(of=("self",)).get(pk=constat.pk)
    if codes := relu.codages.count():
        raise Refus("etat", DEJA_CODE_RETRAIT.format(accorde(codes, "personne")))
    relu.delete()


def _enregistrer(constat: Constat) -> Constat:
    """Vérifie, reprend les mots déjà employés tels qu'ils s'écrivent, enregistre."""
    memes = Constat.objects.filter(visite=constat.visite_id, nature=constat.nature).exclude(pk=constat.pk)
    if normaliser(constat.libelle) in {normaliser(m) for m in memes.values_list("libelle", flat=True)}:
        raise Refus("champ", DEJA_ECRIT, champs={"libelle": [DEJA_ECRIT]})
    if constat.recurrence:
        employes = libelles_de(constat.visite.etude, sauf=constat)
        memes_mots = (m for m in employes if normaliser(m) == normaliser(constat.recurrence))
        constat.recurrence = next(memes_mots, constat.recurrence)
    valider(constat)
    constat.save()
    return constat
