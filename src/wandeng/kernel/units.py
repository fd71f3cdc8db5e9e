"""The integer scales of the product, one place, named in every column that uses them.

===========  =========================  ============================
suffix       one unit is                used for
===========  =========================  ============================
``_fen``     0.01 yuan                  money
``_e8``      10⁻⁸ yuan                  prices
``_ckwh``    0.01 kWh                   register readings, billed energy
``_ckvarh``  0.01 kvarh                 reactive energy
``_ckva``    0.01 kVA                   capacities
``_ckw``     0.01 kW                    demands after the multiplier
``_wh``      1 Wh                       interval energy
``_e4``      10⁻⁴                       shares and rates (1 % = 100)
===========  =========================  ============================
"""

from __future__ import annotations

CKWH_PER_KWH = 100
CKVA_PER_KVA = 100
CKW_PER_KW = 100
WH_PER_CKWH = 10
E4_PER_ONE = 10_000
E8_PER_YUAN = 10**8
AMOUNT_DIVISOR = 10**8
"""ckwh × e8 = 10⁻¹⁰ yuan; divided by this it is fen."""
UNBOUNDED_CKWH = 2**60
"""Upper edge of the last tier: no household comes near it, and sums with it do not wrap."""
