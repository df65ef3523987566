global using FastGrad.Autograd;
global using FsCheck.Xunit;
global using Xunit;
