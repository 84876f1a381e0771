"""Choisir ou proposer une vague ; répondre à un échange en cours ; dire un conflit de calendrier."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone

from programme.forms.passages import PassageForm, propres
from programme.models import Candidature, Moment, Parcours, Vague
from programme.socle.champs import SaisieLibre, refuser_nir
from programme.socle.dates import date_courte
from programme.socle.porte import Lecture

CHOISIR_UNE_VAGUE = "Choisissez une vague de déploiement."
VAGUE_PARTIE = "Cette vague n'est plus proposée : rechargez la page, puis choisissez-en une autre."


class _ChoixVague(forms.ModelChoiceField):
    """Une vague, avec sa fenêtre."""

    def label_from_instance(self, obj: Any) -> str:
        """« Vague 3 · Derniers ESMS · du 5 févr. au 27 juin 2027 »."""
        fenetre = f"du {date_courte(obj.debut)} au {date_courte(obj.fin)}" if obj.debut and obj.fin else ""
        return " · ".join(mot for mot in (f"Vague {obj.numero}", obj.nom, fenetre) if mot)


def _saisie_de_vague(vagues: Any, **kwargs: Any) -> _ChoixVague:
    fautes = {"required": CHOISIR_UNE_VAGUE, "invalid_choice": VAGUE_PARTIE}
    return _ChoixVague(queryset=vagues, empty_label="Choisir…", error_messages=fautes, **kwargs)


class ChoisirVagueForm(forms.Form):
    """Une vague et un mot ; les vagues se cochent dans la table de la page."""

    mot = SaisieLibre(label="Un mot", required=False, max_length=300)

    def __init__(self, donnees: Any = None, *, vagues: Iterable[Vague]) -> None:
        super().__init__(donnees)
        offertes = Vague.objects.filter(pk__in=[v.pk for v in vagues])
        self.fields["vague"] = _saisie_de_vague(offertes, label="Vague de déploiement")
        self.order_fields(("vague", "mot"))


class ProposerVagueForm(ChoisirVagueForm):
    """La même vague pour plusieurs directions."""

    def __init__(self, donnees: Any = None, *, vagues: Iterable[Vague], parcours: Iterable[Parcours]) -> None:
        super().__init__(donnees, vagues=vagues)
        self.fields["parcours"] = forms.ModelMultipleChoiceField(
            queryset=Parcours.objects.filter(pk__in=[p.pk for p in parcours]).select_related("esms__departement"),
            label="ESMS",
            error_messages={
                "required": "Cochez au moins un ESMS.",
                "invalid_choice": "Un ESMS coché n'attend plus de proposition : rechargez la page.",
            },
        )


class SansDateForm(PassageForm):
    """Une réponse se date du jour où on la donne."""

    sans_mention = False

    def __init__(self, donnees: Any = None, *, objet: Any, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        del self.fields["date_effet"]


class AccorderForm(SansDateForm):
    """Accorder la vague demandée : si elle est pleine, la page le dit avant qu'on réponde, pas après."""

    def __init__(self, donnees: Any = None, *, objet: Any, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        pleine = objet.motif_propre(lecture.transition, timezone.localdate(), {})
        if pleine:
            motif = self.fields["motif"]
            motif.required, motif.help_text = True, f"{pleine} Votre motif reste au journal."
            motif.error_messages["required"] = pleine


class AutreVagueForm(SansDateForm):
    """Répondre par une autre vague."""

    field_order = ("vague", "motif")

    def __init__(self, donnees: Any = None, *, objet: Any, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        moment: Moment = objet
        parlee = moment.vague.pk if moment.vague else 0
        vagues = Vague.objects.filter(grappe=moment.parcours.grappe_id).exclude(pk=parlee)
        vagues = vagues.exclude(fin__lt=timezone.localdate())
        self.fields["vague"] = _saisie_de_vague(vagues, label="Vague de déploiement")
        self.fields["motif"].label = "Pourquoi"
        self.order_fields(self.field_order)


class ArbitrerForm(PassageForm):
    """Ce que le COMOP a retenu : la vague, la séance, où c'est écrit."""

    reference = forms.CharField(
        label="Référence",
        max_length=120,
        help_text="Où la décision est écrite : compte rendu, numéro.",
        validators=[refuser_nir],
        error_messages={"required": "Dites où la décision du COMOP est écrite."},
    )
    field_order = ("vague", "date_effet", "reference", "motif")

    def __init__(self, donnees: Any = None, *, objet: Any, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        moment: Moment = objet
        self.fields["vague"] = _saisie_de_vague(moment.parcours.grappe.vagues.all(), label="Vague retenue")
        self.fields["date_effet"].label = "Séance du COMOP"
        self.fields["date_effet"].help_text = "Le jour où le COMOP a tranché. Jamais à venir."
        self.fields["motif"].label = "Ce que le COMOP a retenu"
        self.order_fields(self.field_order)


propres.inscrire("moment:accorder", AccorderForm)
propres.inscrire("moment:proposer", AutreVagueForm)
propres.inscrire("moment:demander", AutreVagueForm)
propres.inscrire("moment:arbitrer", ArbitrerForm)
for _modele in (Moment, Candidature):
    for _transition in _modele.transitions():
        if f"{_modele._meta.model_name}:{_transition}" not in propres:
            propres.inscrire(f"{_modele._meta.model_name}:{_transition}", SansDateForm)
