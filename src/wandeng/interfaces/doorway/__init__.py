"""What the web doors share: who asks, the one policy table, lists and their exports, words, components."""
