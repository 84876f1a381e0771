"""Coder les constats d'une visite, chacun de son côté ; où en est chacun, sans rien dire de ce qu'il a mis."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.nombres import accorde
from usages.calculs.codes_retenus import DIMENSIONS
from usages.enums import RoleEtude
from usages.models import Codage, Constat, Equipier, Visite
from usages.permissions import peut_ecrire_dans_l_etude

CODENT = (RoleEtude.PILOTE, RoleEtude.AUTEUR)
CHAMPS = (*DIMENSIONS, "commentaire")


@dataclass(frozen=True, slots=True)
class Avancement:
    """Où en est un codeur : combien de constats il a codés, sur combien."""

    codeur: Utilisateur
    faits: int
    sur: int

    @property
    def a_fini(self) -> bool:
        """Vrai s'il n'en reste pas."""
        return self.faits >= self.sur

    @property
    def mots(self) -> str:
        """« 12 constats sur 15 »."""
        return f"{accorde(self.faits, 'constat')} sur {self.sur}"


def constats_a_coder(visite: Visite) -> list[Constat]:
    """Dans l'ordre où on les a écrits, pas par thème : le rangement soufflerait la réponse. Une requête."""
    return list(Constat.objects.filter(visite=visite).pour_lecture().order_by("pk"))


def codages_de(visite: Visite, codeur: Utilisateur) -> dict[int, Codage]:
    """Les siens, par constat. Une requête."""
    return {c.constat_id: c for c in Codage.objects.filter(constat__visite=visite, codeur=codeur)}


def avancements(visite: Visite, sur: int) -> list[Avancement]:
    """De tous ceux qui codent, ou ont codé ; jamais ce qu'ils ont mis. Deux requêtes."""
    faits: dict[int, int] = defaultdict(int)
    siens = Codage.objects.filter(constat__visite=visite).order_by().values("codeur").annotate(n=Count("pk"))
    faits.update(siens.values_list("codeur", "n"))
    equipe = Equipier.objects.filter(etude=visite.etude_id, role__in=CODENT).values("compte")
    tous = Utilisateur.objects.filter(pk__in=equipe) | Utilisateur.objects.filter(pk__in=list(faits))
    return [Avancement(compte, faits[compte.pk], sur) for compte in tous.order_by("pk").distinct()]


@transaction.atomic
def coder(*, visite: Visite, par: Utilisateur, codes: Mapping[int, Mapping[str, Any]]) -> list[int]:
    """Écrit ses codes, constat par constat ; rend les clés de ceux qu'il a écrits. Lève `Refus` (droit, champ).

    Ce qui n'est pas dans `codes` ne bouge pas ; un constat d'une autre visite, ou retiré entre-temps, est laissé.
    """
    exiger(peut_ecrire_dans_l_etude(par, visite))
    # Le verrou tient les constats, lus avant les codes : ni retrait au même moment, ni second envoi qui double.
    tenus = Constat.objects.select_for_update(of=("self",)).filter(visite=visite, pk__in=list(codes))
    connus = list(tenus.order_by("pk"))
    deja = codages_de(visite, par)
    ecrits = []
    for constat in connus:
        codage = deja.get(constat.pk) or Codage(constat=constat, codeur=par)
        for champ in CHAMPS:
            setattr(codage, champ, codes[constat.pk].get(champ, getattr(codage, champ)))
        codage.code_le = timezone.localdate()
        # La clé double est tenue par la base ; la vérifier ici coûterait une requête par constat.
        valider(codage, exclure=("constat", "codeur"))
        codage.save()
        ecrits.append(constat.pk)
    return ecrits
