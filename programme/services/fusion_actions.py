"""Après une fusion, les actions ouvertes de l'absorbé : les faire suivre chez celui qui continue. Jamais d'office."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from programme.enums import NatureEvenement
from programme.models import Action, Esms, EvenementEsms, Parcours, Utilisateur
from programme.permissions import peut_conduire
from programme.services.actions import cibles_dont_repondre
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde

ENTRE_TEMPS = "Entre-temps, les actions de cet ESMS ont changé : relisez l'aperçu, puis confirmez à nouveau."
PAS_ENCORE = "« {} » n'est pas encore dans la grappe : faites d'abord arriver ses unités."


@dataclass(slots=True)
class Suivantes:
    """Les actions ouvertes d'un parcours absorbé. `vers` : celui qui continue, None s'il n'est pas dans la grappe.

    À chaque action, vrai si son responsable la verra encore ; sinon elle arrive à désigner.
    """

    parcours: Parcours
    absorbant: Esms
    vers: Parcours | None
    actions: list[tuple[Action, bool]]

    @property
    def vu(self) -> str:
        """Jeton : les actions et leur responsable, telles que la page les montre."""
        return "|".join(f"{a.pk}:{a.responsable_id or ''}" for a, _ in self.actions)


def suivantes(evenement: EvenementEsms, parcours: Iterable[Parcours]) -> list[Suivantes]:
    """Pour chacun de ces parcours qui en a encore : ses actions ouvertes, et où elles iraient."""
    absorbant = evenement.esms.remplace_par
    if evenement.nature != NatureEvenement.FUSION or absorbant is None:
        return []
    lues = [_suivantes(p, absorbant) for p in parcours]
    return [s for s in lues if s.actions]


def _suivantes(parcours: Parcours, absorbant: Esms) -> Suivantes:
    vers = Parcours.objects.filter(esms=absorbant, grappe=parcours.grappe_id).dans_le_projet().first()
    actions = list(Action.objects.ouvertes().filter(parcours=parcours).select_related("responsable").order_by("pk"))
    voient = {c: bool(vers and cibles_dont_repondre(c, [vers])) for c in {a.responsable for a in actions} if c}
    return Suivantes(parcours, absorbant, vers, [(a, voient.get(a.responsable, True)) for a in actions])


@transaction.atomic
def faire_suivre(*, evenement: EvenementEsms, parcours: Parcours, par: Utilisateur, vu: str | None = None) -> Suivantes:
    """Confie à celui qui continue les actions ouvertes d'un ESMS absorbé, même grappe ; toutes ou aucune.

    Chacune garde son échéance, son origine et son journal ; un responsable qui ne la verrait plus laisse la place.
    `vu` : `Suivantes.vu` de l'aperçu. Lève `Refus` (droit, etat, concurrence).
    """
    evenement = EvenementEsms.objects.select_for_update(of=("self",)).get(pk=evenement.pk)
    lignes = Parcours.objects.select_for_update(of=("self",)).select_related("esms__departement", "grappe")
    source = lignes.get(pk=parcours.pk, esms=evenement.esms_id)
    exiger(peut_conduire(par, source))
    list(Action.objects.select_for_update(of=("self",)).filter(parcours=source))
    lues = suivantes(evenement, [source])
    if not lues:
        raise Refus("etat", f"« {source} » n'a plus d'action ouverte à faire suivre.")
    suite = lues[0]
    if vu is not None and vu != suite.vu:
        raise Refus("concurrence", ENTRE_TEMPS)
    if suite.vers is None:
        raise Refus("etat", PAS_ENCORE.format(suite.absorbant))
    for action, est_vue in suite.actions:
        action.parcours = suite.vers
        if not est_vue:
            action.responsable = None
        valider(action, exclure=("source_type", "source_id"))
        signer(action, par)
        action.save()
    noter = f"{accorde(len(suite.actions), 'action arrivée,actions arrivées')} chez « {suite.absorbant} »."
    evenement.suite = f"{evenement.suite} {noter}".strip()[:300]
    evenement.save(update_fields=["suite"])
    return suite
