"""Columns of rationing: ``affected`` (who is behind which area), ``standing`` (participants with burdens), ``loading``
(participants from files), ``saving`` (loads of windows and like days)."""
