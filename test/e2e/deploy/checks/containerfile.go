// Reads a Containerfile with BuildKit's own parser, as docker build does, and prints what its linter has to say.
package main

import (
	"fmt"
	"os"

	"github.com/moby/buildkit/frontend/dockerfile/instructions"
	"github.com/moby/buildkit/frontend/dockerfile/linter"
	"github.com/moby/buildkit/frontend/dockerfile/parser"
)

func main() {
	file, err := os.Open(os.Args[1])
	fatal(err)
	result, err := parser.Parse(file)
	fatal(err)
	for _, warning := range result.Warnings {
		complain(warning.Short)
	}
	lint := linter.New(&linter.Config{
		Warn: func(rule, description, url, message string, location []parser.Range) {
			complain(rule + ": " + message)
		},
	})
	_, _, err = instructions.Parse(result.AST, lint)
	fatal(err)
	if complaints > 0 {
		os.Exit(1)
	}
}

var complaints int

func complain(text string) {
	complaints++
	fmt.Println(text)
}

func fatal(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
