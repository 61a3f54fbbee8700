// Package backstop has directories that can do so end a membership by themselves, a little
// after Latchkey should have: access ends on time then even where Latchkey is down. It tells
// them of every later end, and puts right what they ended too early.
package backstop
