"""Claims about colours: every key is known in every theme, and what is to be read can be read."""

from __future__ import annotations

import pytest

from gradstep.tui.text.palette import GRADSTEP_DARK, LEVELS, OURS, PHASES, ROLES, Palette, palette_of

THEMES = list(OURS.values())
GROUNDS = ("panel", "read", "bar", *(f"written {phase}" for phase in PHASES))


def luminance(colour: str) -> float:
    """Relative luminance (WCAG 2.2, 1.4.3), written out from its definition."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(palette: Palette, colour: str, ground: str) -> float:
    lights = sorted(luminance(palette.colour(name).hex) for name in (colour, ground))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def test_contrast_is_that_of_the_standard() -> None:
    plain = Palette("", {"white": "#ffffff", "black": "#000000", "grey": "#777777"})
    assert contrast(plain, "white", "black") == pytest.approx(21)
    assert contrast(plain, "grey", "white") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
@pytest.mark.parametrize(("colour", "least"), [("text", 4.5), ("quiet", 3.5), ("faint", 1.8)])
def test_text_stands_out_from_every_ground(palette: Palette, colour: str, least: float) -> None:
    for ground in GROUNDS:
        assert contrast(palette, colour, ground) >= least, ground


@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
def test_what_is_said_in_colour_can_be_read(palette: Palette) -> None:
    for colour in ("label", "holds", "fails", *PHASES):
        assert contrast(palette, colour, "panel") >= 4.5, colour
    for phase in PHASES:
        assert contrast(palette, phase, f"written {phase}") >= 3.5, phase
    for ground in ("chosen", *(f"chosen {phase}" for phase in PHASES)):
        assert contrast(palette, "text", ground) >= 4.5, ground


@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
def test_a_written_a_read_and_a_chosen_ground_differ_from_the_panel(palette: Palette) -> None:
    for ground in ("read", "chosen", *(f"written {phase}" for phase in PHASES)):
        assert contrast(palette, ground, "panel") >= 1.1, ground


@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
def test_signs_of_numbers_differ_in_hue_and_grow_with_the_level(palette: Palette) -> None:
    negative, positive = palette.colour(f"heat -{LEVELS}"), palette.colour(f"heat {LEVELS}")
    assert negative.blue > negative.red
    assert positive.red > positive.blue
    zero = palette.colour("heat 0")
    for sign in ("-", ""):
        steps = [palette.colour(f"heat {sign}{level}") for level in range(LEVELS + 1)]
        far = [sum(abs(a - b) for a, b in zip(step, zero, strict=True)) for step in steps]
        assert far == sorted(far)
        assert len(set(far)) > LEVELS // 2


@pytest.mark.parametrize("palette", THEMES, ids=lambda palette: palette.name)
def test_every_role_has_a_look_on_every_ground(palette: Palette) -> None:
    for role in (*ROLES, *PHASES, "text", "quiet", "faint", "label"):
        for ground in ("", "panel", "read", "chosen", "written loss", "chosen loss", "heat -3", "heat 16", "grey 9"):
            for front in ("", "bold ", "underline "):
                key = f"{front}{role} on {ground}" if ground else f"{front}{role}"
                assert palette.style(key).bgcolor is not None
                assert palette.without_colours().style(key).bgcolor is None
    assert palette.style("selected").bgcolor == palette.style("text on chosen").bgcolor
    assert palette.style("title").bold
    with pytest.raises(ValueError, match="nothing of the kind"):
        palette.style("nothing of the kind")


def test_without_colours_a_choice_is_reversed_and_headings_stay_bold() -> None:
    plain = GRADSTEP_DARK.without_colours()
    assert plain.style("text on chosen").reverse
    assert plain.style("text on chosen loss").reverse
    assert plain.style("bold backward on written backward").bold
    assert not plain.style("text on read").reverse


@pytest.mark.parametrize("dark", [True, False])
def test_a_theme_of_two_colours_is_filled_up_to_a_palette(dark: bool) -> None:
    colours = {"text": "#ffffff", "ground": "#000000"} if dark else {"text": "#000000", "ground": "#ffffff"}
    palette = palette_of("other", colours, dark=dark)
    assert palette.colours.keys() == GRADSTEP_DARK.colours.keys()
    for colour, least in (("text", 4.5), ("quiet", 3.5), ("faint", 1.8)):
        assert contrast(palette, colour, "panel") >= least
