"""Les verbatims d'un ESMS : les lire, corriger des mots pas encore montrés, noter l'accord de qui les a dits."""

from dataclasses import dataclass
from datetime import date

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.enums import Consentement
from usages.models import Retour, SuiteDeRetour, Verbatim
from usages.permissions import peut_tenir_les_verbatims

C = Consentement
ENSUITE: dict[str, tuple[Consentement, ...]] = {
    C.A_DEMANDER: (C.A_DEMANDER, C.DONNE, C.REFUSE),
    C.DONNE: (C.DONNE, C.RETIRE),
    C.REFUSE: (C.REFUSE, C.DONNE),
    C.RETIRE: (C.RETIRE, C.DONNE),
}
"""Où peut aller un accord. Donné, il se retire, et le retrait reste noté ; rien ne revient à « à demander »."""
PAS_AINSI = "Un accord « {} » ne devient pas « {} »."
MOTS_FIGES = "L'accord porte sur ces mots-là : ils ne changent plus. Pour d'autres mots, gardez un autre verbatim."
QUEL_JOUR = "Donnez le jour où la personne l'a dit."
A_VENIR = "Ce jour est à venir : donnez celui où la personne l'a dit."
AVANT_LES_MOTS = "Ces mots ont été recueillis le {:%d/%m/%Y} : l'accord ne les précède pas."
AVANT_L_ACCORD = "L'accord est du {:%d/%m/%Y} : ce qui le change ne le précède pas."
ENTRE_TEMPS = "Entre-temps, l'accord est passé à « {} » : relisez, puis envoyez de nouveau."


@dataclass(frozen=True, slots=True)
class VerbatimLu:
    """Un verbatim, le retour d'où il vient s'il y en a un. `sans_auteur` : personne à qui demander son accord."""

    verbatim: Verbatim
    retour: Retour | None = None

    @property
    def sans_auteur(self) -> bool:
        """Vrai si l'on ne sait pas qui l'a dit et que rien n'a été noté : l'accord est réputé non donné."""
        anonyme = self.retour is not None and self.retour.auteur_id is None
        return anonyme and self.verbatim.consentement == C.A_DEMANDER

    @property
    def accord(self) -> str:
        """Où en est l'accord, en mots."""
        return "Réputé non donné" if self.sans_auteur else str(self.verbatim.get_consentement_display())


def verbatims_de(parcours: Parcours, lecteur: Utilisateur) -> list[VerbatimLu]:
    """Ceux d'un ESMS que lit ce compte, le plus récent d'abord. Trois requêtes."""
    lus = list(Verbatim.objects.visibles_par(lecteur).filter(parcours=parcours).pour_lecture())
    return avec_leurs_retours(lus)


def avec_leurs_retours(verbatims: list[Verbatim]) -> list[VerbatimLu]:
    """Chacun avec le retour d'où il vient : qui lit l'un lit l'autre, du même ESMS. Deux requêtes."""
    sorte = ContentType.objects.get_for_model(Verbatim)
    suites = SuiteDeRetour.objects.filter(objet_type=sorte, objet_id__in=[v.pk for v in verbatims])
    retours = {s.objet_id: s.retour for s in suites.select_related("retour").order_by("-pk")}
    return [VerbatimLu(v, retours.get(v.pk)) for v in verbatims]


@transaction.atomic
def modifier_verbatim(
    *,
    verbatim: Verbatim,
    par: Utilisateur,
    texte: str,
    qui: str,
    consentement: str,
    consentement_le: date | None,
    vu: str | None = None,
) -> Verbatim:
    """Corrige les mots tant que l'accord est à demander ; note l'accord et son jour. `vu` : l'accord qu'on avait lu.

    Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_tenir_les_verbatims(par, verbatim))
    relu = Verbatim.objects.select_for_update(of=("self",)).get(pk=verbatim.pk)
    if vu is not None and vu != relu.consentement:
        raise Refus("concurrence", ENTRE_TEMPS.format(relu.get_consentement_display().lower()))
    if fautes := _fautes(relu, texte, consentement, consentement_le):
        raise Refus("champ", " ".join(fautes.values()), champs={nom: [phrase] for nom, phrase in fautes.items()})
    relu.texte, relu.qui, relu.consentement = texte, qui, consentement
    relu.consentement_le = None if consentement == C.A_DEMANDER else consentement_le
    valider(relu)
    relu.save()
    return relu


def _fautes(avant: Verbatim, texte: str, consentement: str, le: date | None) -> dict[str, str]:
    fautes: dict[str, str] = {}
    if avant.consentement != C.A_DEMANDER and texte.strip() != avant.texte:
        fautes["texte"] = MOTS_FIGES
    if consentement not in ENSUITE[avant.consentement]:
        mots = (Consentement(c).label.lower() for c in (avant.consentement, consentement))
        fautes["consentement"] = PAS_AINSI.format(*mots)
    elif consentement != C.A_DEMANDER and (phrase := _faute_de_jour(avant, consentement, le)):
        fautes["consentement_le"] = phrase
    return fautes


def _faute_de_jour(avant: Verbatim, consentement: str, le: date | None) -> str:
    if le is None:
        return QUEL_JOUR
    if le > timezone.localdate():
        return A_VENIR
    if le < avant.recueilli_le:
        return AVANT_LES_MOTS.format(avant.recueilli_le)
    if consentement != avant.consentement and avant.consentement_le and le < avant.consentement_le:
        return AVANT_L_ACCORD.format(avant.consentement_le)
    return ""
