return await FastGrad.Cli.Tool.RunAsync(args);
