"""Formulas of a row's number as expressions of C."""

from depthwise.codegen.operators.parts.formulas import Formula, FormulaPiece


def c_of(formula: Formula) -> str:
    """The formula of y, in parentheses where it is more than one number.

    >>> from depthwise.codegen.operators.parts.formulas import fit
    >>> [c_of(fit(v)) for v in ([0, 1, 2], [0, 0, 1, 1], [5, 5, 5], [3, 2, 1, 0], [1, 2, 3], [0, 2, 4])]
    ['y', '(y / 2)', '5', '(3 - y)', '(y + 1)', '(y * 2)']
    """
    text = bare_c_of(formula)
    return text if text == "y" or text.isdigit() else f"({text})"


def bare_c_of(formula: Formula) -> str:
    """The same without parentheses around."""
    *first, last = formula.pieces
    return "".join(f"y < {piece.stop} ? {_piece(piece)} : " for piece in first) + _piece(last)


def _piece(piece: FormulaPiece) -> str:
    if piece.factor == 0:
        return str(piece.at(0))
    rises = "y" if abs(piece.factor) == 1 else f"y * {abs(piece.factor)}"
    if piece.factor < 0:
        text = f"{piece.offset} - {rises}"
    elif piece.offset:
        text = f"{rises} {'+' if piece.offset > 0 else '-'} {abs(piece.offset)}"
    else:
        text = rises
    if piece.divisor == 1:
        return text
    return f"{text if text == 'y' else f'({text})'} / {piece.divisor}"
