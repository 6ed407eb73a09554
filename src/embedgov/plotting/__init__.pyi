# The names of this package; `__init__.py` imports each when it is first asked for.
from .agreement_forest import agreement_forest as agreement_forest
from .case_matrix import case_matrix as case_matrix
from .co_occurrence import co_occurrence as co_occurrence
from .glyphs import missing_glyphs as missing_glyphs
from .glyphs import require_glyphs as require_glyphs
from .intervals import intervals as intervals
from .likeness import likeness as likeness
from .margin_bars import margin_bars as margin_bars
from .prevalence import prevalence as prevalence
from .ranges import ranges as ranges
from .regions import regions as regions
from .shares import shares as shares
from .specification_curve import specification_curve as specification_curve
from .theme import FONT_FILES as FONT_FILES
from .theme import set_theme as set_theme
from .upset import upset as upset
