"""Films: their trees and picks, the plan that goes on from them and its runner, budget and ledger of units."""
