"""De quoi tirer au hasard des proses : ce qu'on tape, ce qui y ressemble, et ce qui voudrait être autre chose."""

from hypothesis import strategies as st

MOTS = st.sampled_from(
    [
        *("le", "dossier", "L'IME", "é", "e\u0301", "\u00a0", "<b>", "#import", "{{ x }}", "2*3*4"),
        *("*", "**", "***", "\\", "\\*", "*mot*", "**gras**", "***deux***", "**a *b* c**"),
        *("—", "--", ">", "!!!", "-", "1.", "12)", "##", "\\#", "\\-"),
    ]
)
DEBUTS = st.sampled_from(
    [
        *("", "", "", "## ", "### ", "# ", "##", "- ", "* ", "– ", "• ", "1. ", "7) ", "99. ", "> ", ">", "> — ", "— "),
        *(
            "!!! ",
            "!!!",
            "  ",
            "  - ",
            "\t",
            "\\",
            "\\- ",
            "\\\\- ",
            "\\> ",
            "\\!!!",
            "> \\— ",
            "- \\# ",
            "-- ",
            "> > ",
        ),
    ]
)
LIGNES = st.builds(
    lambda debut, mots, colle: debut + colle.join(mots),
    DEBUTS,
    st.lists(MOTS, max_size=5),
    st.sampled_from([" ", ""]),
)
TAPEES = st.lists(st.one_of(LIGNES, LIGNES, st.just("")), max_size=12).map("\n".join)
QUELCONQUES = st.text(max_size=60) | st.text(alphabet="*\\#->!—1. \nab", max_size=40)
TEXTES = st.one_of(TAPEES, TAPEES, QUELCONQUES)
