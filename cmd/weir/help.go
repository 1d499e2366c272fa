package main

// Help is the long help.
func (*runCommand) Help() string {
	return `The input is the text of a file (--input), a JSON value (--input-json) or standard input (-); the output goes to standard output, ` +
		`what happens to standard error. The exit code says how the run ended: see weir --help.

  weir run pipeline.yaml --input notes.txt
  weir run pipeline.yaml --input-json '{"city": "Oslo"}' --json
  cat notes.txt | weir run pipeline.yaml -q -`
}

// Help is the long help.
func (*validateCommand) Help() string {
	return `Finds everything that run finds before the first step, all mistakes at once, each with its line. Exit code 0: it is valid; ` +
		`3: it cannot be read as a pipeline; 4: it reads but is wrong.

  weir validate pipeline.yaml
  weir validate pipeline.yaml --json`
}

// Help is the long help.
func (*graphCommand) Help() string {
	return `Steps that hold others are frames round them. Mermaid text is drawn by GitHub, GitLab and many editors; dot text by Graphviz.

  weir graph pipeline.yaml
  weir graph pipeline.yaml --format dot | dot -Tsvg -o pipeline.svg`
}
