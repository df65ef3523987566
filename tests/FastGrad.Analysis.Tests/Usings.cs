global using FastGrad.Analysis.Catalogue;
global using FastGrad.Analysis.Checks;
global using FastGrad.Analysis.Reference;
global using FastGrad.Autograd;
global using Xunit;
