// Package messages says what people hear of idle seats: who holds one is asked, reminded, and told what became of it; somebody
// else hears of it only where that is configured; and what happens is written in an issue from the first notice to the end.
// What happens is decided above it.
package messages
