"""The page's charts, a file each, drawn as SVG by hand."""
