"""What makes the book: drawings, figures, explorers, the ledger of proofs, and the site."""
