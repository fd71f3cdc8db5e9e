"""The words for codes (states, classes, kinds), one module an area: code → what people call it. Chinese in the source."""
